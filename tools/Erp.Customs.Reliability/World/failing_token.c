/* A PKCS#11 library that stands before a real one (REAL) and fails as the one byte of the file "<its own path>.mood" tells it:
   u unplugged, p another PIN, b busy, h hangs (a minute at most), o signs with another key, g garbage, c breaks off; everything else is passed on.
   Each wrong PIN that is tried adds a byte to "<its own path>.wrong". Every copy of the file has a mood of its own. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long CK;
typedef unsigned char BYTE;
struct attribute { CK type; void *value; CK length; };

/* Where the functions stand in CK_FUNCTION_LIST (PKCS#11 2.40, pkcs11f.h). */
enum { GetFunctionList = 3, GetTokenInfo = 6, OpenSession = 12, Login = 18, FindObjectsInit = 26, FindObjects = 27, FindObjectsFinal = 28, SignInit = 42, Sign = 43, FUNCTIONS = 68 };
struct list { BYTE version[2]; void *function[FUNCTIONS]; };
enum { DEVICE_ERROR = 0x30, DEVICE_REMOVED = 0x32, OPERATION_ACTIVE = 0x90, PIN_INCORRECT = 0xA0, SESSION_COUNT = 0xB1, SESSION_HANDLE_INVALID = 0xB3, TOKEN_NOT_PRESENT = 0xE0 };

static struct list *real, own;
static char mood_file[4096], wrong_file[4096];

static char mood(void)
{
    char now = 'w';
    int fd = open(mood_file, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, &now, 1) != 1) { fprintf(stderr, "failing_token: %s cannot be read\n", mood_file); _exit(70); }
    close(fd);
    return now;
}

static void hang(void) { for (int left = 60 * 50; left && mood() == 'h'; left--) usleep(20 * 1000); }

static CK get_token_info(CK slot, void *info)
{
    return mood() == 'u' ? TOKEN_NOT_PRESENT : ((CK (*)(CK, void *))real->function[GetTokenInfo])(slot, info);
}

static CK open_session(CK slot, CK flags, void *context, void *notify, CK *session)
{
    char now = mood();
    return now == 'u' ? TOKEN_NOT_PRESENT : now == 'b' ? SESSION_COUNT : ((CK (*)(CK, CK, void *, void *, CK *))real->function[OpenSession])(slot, flags, context, notify, session);
}

static CK login(CK session, CK user, BYTE *pin, CK length)
{
    char now = mood();
    if (now == 'u') return TOKEN_NOT_PRESENT;
    if (now == 'p') {
        int fd = open(wrong_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (fd < 0 || write(fd, "x", 1) != 1) _exit(70);
        close(fd);
        return PIN_INCORRECT;
    }
    return ((CK (*)(CK, CK, BYTE *, CK))real->function[Login])(session, user, pin, length);
}

/* The private key with the label "other". */
static CK other_key(CK session, CK *key)
{
    CK class = 3, found = 0, answer;
    struct attribute wanted[] = { { 0, &class, sizeof class }, { 3, "other", 5 } };
    answer = ((CK (*)(CK, struct attribute *, CK))real->function[FindObjectsInit])(session, wanted, 2);
    if (answer) return answer;
    answer = ((CK (*)(CK, CK *, CK, CK *))real->function[FindObjects])(session, key, 1, &found);
    ((CK (*)(CK))real->function[FindObjectsFinal])(session);
    return answer ? answer : found ? 0 : DEVICE_ERROR;
}

static CK sign_init(CK session, void *mechanism, CK key)
{
    switch (mood()) {
    case 'u': return DEVICE_REMOVED;
    case 'p': return SESSION_HANDLE_INVALID; /* pulled out and plugged in again since the login */
    case 'b': return OPERATION_ACTIVE;
    case 'h': hang(); break;
    case 'o': { CK answer = other_key(session, &key); if (answer) return answer; }
    }
    return ((CK (*)(CK, void *, CK))real->function[SignInit])(session, mechanism, key);
}

static CK sign(CK session, BYTE *data, CK length, BYTE *signature, CK *room)
{
    CK answer = ((CK (*)(CK, BYTE *, CK, BYTE *, CK *))real->function[Sign])(session, data, length, signature, room);
    if (answer || !signature) return answer;
    switch (mood()) {
    case 'g': memset(signature, 0xA5, *room); break;
    case 'c': memset(signature + *room / 2, 0, *room - *room / 2); return DEVICE_ERROR;
    }
    return answer;
}

static CK get_function_list(struct list **list);

__attribute__((constructor)) static void begin(void)
{
    Dl_info self;
    CK (*get)(struct list **) = NULL;
    void *library = dlopen(REAL, RTLD_NOW | RTLD_LOCAL);
    if (library) get = (CK (*)(struct list **))dlsym(library, "C_GetFunctionList");
    if (!get || get(&real) || !dladdr((void *)begin, &self)) { fprintf(stderr, "failing_token: %s cannot be loaded\n", REAL); _exit(70); }
    snprintf(mood_file, sizeof mood_file, "%s.mood", self.dli_fname);
    snprintf(wrong_file, sizeof wrong_file, "%s.wrong", self.dli_fname);
    own = *real;
    own.function[GetFunctionList] = get_function_list;
    own.function[GetTokenInfo] = get_token_info;
    own.function[OpenSession] = open_session;
    own.function[Login] = login;
    own.function[SignInit] = sign_init;
    own.function[Sign] = sign;
}

static CK get_function_list(struct list **list) { *list = &own; return 0; }
CK C_GetFunctionList(struct list **list) { return get_function_list(list); }
