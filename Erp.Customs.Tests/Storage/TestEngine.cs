using System.Security.Cryptography;
using Erp.Customs.Module;
using Erp.Customs.Module.Storage;
using Erp.Customs.Module.Storage.Keeping;

namespace Erp.Customs.Tests.Storage;

/// <summary>A database of one engine that belongs to one test: made for it, gone after it.</summary>
public abstract class TestEngine : IAsyncDisposable
{
    /// <summary>Called before the first <see cref="Create"/>.</summary>
    public virtual Task InitializeAsync() => Task.CompletedTask;

    /// <summary>How content is kept in it: with a key of the test's own.</summary>
    internal ContentVault Content { get; } = new(new ContentKeys(new ArchiveOptions { Key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(ContentKey.Length)) }, Path.GetTempPath()));

    /// <summary>A database on the test's own tables; each call is another process's view of the same data.</summary>
    internal abstract CustomsDatabase Create();

    /// <summary>Runs SQL behind the product's back.</summary>
    public abstract Task<object?> TamperAsync(string sql);

    /// <summary>Bytes that nothing in a test consists of, as this engine writes them in SQL.</summary>
    public abstract string OtherBytes { get; }

    public abstract ValueTask DisposeAsync();
}
