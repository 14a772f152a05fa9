using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Retention;

/// <summary>
/// 停用并保留档案: the module leaves the ERP and its records stay as long as they must. Everything is sealed and a checkpoint made, and beside the data a text says what they are, until when they
/// must be kept and how they are verified and read without the ERP.
/// </summary>
internal sealed class DetachedArchive(
    Checkpoints checkpoints, CheckpointTable table, SealingKey key, IRetention retention, CustomsDatabase database, CustomsOptions options, ModuleContext context, TimeProvider time)
{
    /// <summary>In the module's data folder.</summary>
    public const string FileName = "ARCHIVE.txt";

    /// <summary>Writes the text.</summary>
    /// <returns>Where the data stand and how they are read, <c>中文 | English</c>.</returns>
    /// <exception cref="IOException">It could not be written; nothing was changed.</exception>
    public async Task<string?> LeaveAsync(CancellationToken cancellationToken)
    {
        await checkpoints.MakeAsync(cancellationToken);
        var last = await table.LastAsync(cancellationToken);
        var why = await retention.WhyKeepAsync(cancellationToken) ?? Words.Of("没有仍须保留的记录", "Nothing must be kept any more");
        var places = string.Join(", ", checkpoints.Targets.Select(target => target.Name));
        var store = database.Server is null ? Path.Combine(context.DataDirectory, StorageServices.FileName) : $"{database.Engine} (Customs:Database)";
        var verify = $"dotnet Erp.Customs.Host.dll archive verify --data \"{Path.GetDirectoryName(context.DataDirectory)}\"";
        await File.WriteAllTextAsync(
            Path.Combine(context.DataDirectory, FileName),
            $"""
            Erp.Customs 海关支付数据档案（模块已停用，档案保留） | archive of payment data for customs; the module was taken out of the ERP, the archive stays

            停用时间 detached     {ChinaTime.ToScreen(time.GetUtcNow())} +08:00
            须保留 to be kept     {Words.In(why, english: false)}
                                  {Words.In(why, english: true)}
            数据库 database       {store}
            检查点 checkpoints    {places}
            最后检查点 the last   {(last is null ? "-" : $"{last.Number}")}
            存证公钥 key          SHA-256 {SealingKey.Fingerprint(key.PublicKey)}
            存证私钥 private key  {(options.Archive.SealingKey is null ? Path.Combine(context.DataDirectory, SealingKey.FileName) : "Customs:Archive:SealingKey")}

            验证 verify           {verify}
            导出 export           dotnet Erp.Customs.Host.dll evidence --order NO --reason WHY --out FILE.zip --data "{Path.GetDirectoryName(context.DataDirectory)}"

            以上命令用独立的 Erp.Customs.Host（其 modules 目录中有本模块）及原有配置运行，不启动任何上报或清理。删除本目录须先在 ERP 中重新启用模块并得到「可以卸载」的答复。
            Both run in a stand-alone Erp.Customs.Host, which has the module in its modules folder, with the settings as they were; nothing is uploaded and nothing erased. Nobody may delete this folder
            before the module, enabled again, answers that it may be uninstalled.

            """,
            cancellationToken);
        return Words.Of(
            $"已停用，档案保留在 {store}，检查点在 {places}；说明见 {Path.Combine(context.DataDirectory, FileName)}。模块文件夹可移出 ERP，用独立的 Erp.Customs.Host 执行 archive verify 即可验证",
            $"Disabled; the archive stays in {store}, its checkpoints in {places}; {Path.Combine(context.DataDirectory, FileName)} tells the rest. The module's folder may leave the ERP: archive verify of a stand-alone Erp.Customs.Host reads it");
    }
}
