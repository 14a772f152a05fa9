/* Loaded into a host by LD_PRELOAD: one call of the process that opens, reads, writes, flushes, cuts, renames or removes a file below a folder fails.
   Which one stands in a shared file of two 64-bit numbers: how many more such calls to let pass until then (0: none fails), and how many have failed. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

static struct { _Atomic long long left, failed; } *state;
static const char *folder;
static int error_number;

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void)
{
    const char *file = getenv("FAILING_FILES_STATE"), *error = getenv("FAILING_FILES_ERRNO");
    folder = getenv("FAILING_FILES_FOLDER");
    if (!file || !folder || !error) return;
    error_number = atoi(error);
    int fd = open(file, O_RDWR | O_CLOEXEC);
    void *mapped = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd >= 0) close(fd);
    if (mapped == MAP_FAILED) { fprintf(stderr, "failing_files: %s cannot be mapped\n", file); _exit(70); }
    state = mapped;
}

static int below(const char *path) { return !strncmp(path, folder, strlen(folder)); }

static int fails_at(const char *path)
{
    if (!state || atomic_load(&state->left) <= 0 || !below(path)) return 0;
    if (atomic_fetch_sub(&state->left, 1) != 1) return 0;
    atomic_fetch_add(&state->failed, 1);
    errno = error_number;
    return 1;
}

static int fails_on(int fd)
{
    if (!state || atomic_load(&state->left) <= 0) return 0;
    char link[32], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return fails_at(path);
}

#define MODE mode_t mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }
int open(const char *path, int flags, ...) { MODE REAL(open); return fails_at(path) ? -1 : real(path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE REAL(open64); return fails_at(path) ? -1 : real(path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE REAL(openat); return fails_at(path) ? -1 : real(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE REAL(openat64); return fails_at(path) ? -1 : real(at, path, flags, mode); }
ssize_t read(int fd, void *to, size_t size) { REAL(read); return fails_on(fd) ? -1 : real(fd, to, size); }
ssize_t pread(int fd, void *to, size_t size, off_t at) { REAL(pread); return fails_on(fd) ? -1 : real(fd, to, size, at); }
ssize_t pread64(int fd, void *to, size_t size, off64_t at) { REAL(pread64); return fails_on(fd) ? -1 : real(fd, to, size, at); }
ssize_t write(int fd, const void *from, size_t size) { REAL(write); return fails_on(fd) ? -1 : real(fd, from, size); }
ssize_t pwrite(int fd, const void *from, size_t size, off_t at) { REAL(pwrite); return fails_on(fd) ? -1 : real(fd, from, size, at); }
ssize_t pwrite64(int fd, const void *from, size_t size, off64_t at) { REAL(pwrite64); return fails_on(fd) ? -1 : real(fd, from, size, at); }
int fsync(int fd) { REAL(fsync); return fails_on(fd) ? -1 : real(fd); }
int fdatasync(int fd) { REAL(fdatasync); return fails_on(fd) ? -1 : real(fd); }
int ftruncate(int fd, off_t size) { REAL(ftruncate); return fails_on(fd) ? -1 : real(fd, size); }
int ftruncate64(int fd, off64_t size) { REAL(ftruncate64); return fails_on(fd) ? -1 : real(fd, size); }
int rename(const char *from, const char *to) { REAL(rename); return fails_at(from) ? -1 : real(from, to); }
int unlink(const char *path) { REAL(unlink); return fails_at(path) ? -1 : real(path); }
