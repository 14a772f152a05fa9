using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Archive.Bundles;

/// <summary>
/// 证据包: everything that is kept about one order, in clear, with the pieces of the chain that prove it and a script that verifies it without us (docs/evidence.md). Whoever takes one away has seen the
/// order's personal data; so that is written down before it is given, and sealed like everything else.
/// </summary>
internal sealed class EvidenceBundles(EvidenceTable evidence, CheckpointTable table, Checkpoints checkpoints, SealingKey key, ClearAccess access, TimeProvider time)
{
    private const string Script = "verify.py";

    /// <summary>Seals read at a time. The default value is 500.</summary>
    private const int PageSize = 500;

    private static readonly JsonWriterOptions s_json = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes one.</summary>
    /// <param name="orderNo">The order.</param>
    /// <param name="merchant">Its merchant; <see langword="null"/> where only one has this number.</param>
    /// <param name="reader">Who takes it, and why.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<EvidenceBundle> MakeAsync(string orderNo, string? merchant, ClearReader reader, CancellationToken cancellationToken)
    {
        var merchants = (await evidence.MerchantsOfAsync(orderNo, cancellationToken)).Where(one => merchant is null || string.Equals(one, merchant, StringComparison.OrdinalIgnoreCase)).ToList();
        if (merchants is not [var of])
        {
            return Refused(merchants.Count == 0
                ? Words.Of($"没有订单 {orderNo} 的数据", $"Nothing is stored about order {orderNo}")
                : Words.Of($"多个商户都有订单号 {orderNo}，请指明商户", $"Several merchants have order number {orderNo}: name the one that you mean"));
        }

        await access.RecordAsync(reader, orderNo, of, ClearAccessKind.Bundle);
        var problem = await checkpoints.MakeAsync(cancellationToken);
        var seals = await evidence.OfOrderAsync(orderNo, of, cancellationToken);
        var covering = seals.Count == 0 ? null : await table.CoveringAsync(seals[^1].Number, cancellationToken);
        if (covering is null)
        {
            return Refused(problem ?? Words.Of($"订单 {orderNo} 的记录尚未存证", $"The records of order {orderNo} are not sealed yet"));
        }

        var records = await evidence.RecordsAsync([.. seals], cancellationToken);
        if (seals.FirstOrDefault(seal => records.GetValueOrDefault((seal.Kind, seal.RecordId, seal.RecordNo))?.Unreadable is not null) is { } bad)
        {
            var unreadable = records[(bad.Kind, bad.RecordId, bad.RecordNo)].Unreadable!.Message;
            return Refused(Words.Of(
                $"编号 {bad.Number}（{bad.Kind} {bad.RecordId}）：{Words.In(unreadable, english: false)}", $"number {bad.Number} ({bad.Kind} {bad.RecordId}): {Words.In(unreadable, english: true)}"));
        }

        var order = new BundledOrder(orderNo, of, time.GetUtcNow(), [.. seals.Where(seal => seal.Salt is not null && records.ContainsKey((seal.Kind, seal.RecordId, seal.RecordNo))).Select(seal => (seal, records[(seal.Kind, seal.RecordId, seal.RecordNo)]))]);
        using var stream = new MemoryStream();
        await using (var zip = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken))
        {
            await AddAsync(zip, "摘要.html", Encoding.UTF8.GetBytes(BundleSummary.Write(order, SealingKey.Fingerprint(key.PublicKey))), cancellationToken);
            await AddAsync(zip, Script, ReadScript(), cancellationToken);
            await AddAsync(zip, "bundle.json", await ContentAsync(order, cancellationToken), cancellationToken);
            foreach (var (seal, record) in order.Records)
            {
                foreach (var (column, bytes) in Files(record))
                {
                    await AddAsync(zip, FileName(seal, column), bytes, cancellationToken);
                }
            }
        }

        return new EvidenceBundle($"evidence-{of}-{Safe(orderNo)}-{ChinaTime.ToCustoms(order.MadeAt)}.zip", stream.ToArray(), Problem: "");
    }

    /// <summary>Where a column's bytes lie in the bundle.</summary>
    public static string FileName(EvidenceRow seal, string column) => string.Create(
        CultureInfo.InvariantCulture, $"files/{seal.Number:d8}-{seal.Kind}-{column}.{column switch { "payload" or "facts" => "json", "certificate" => "cer", _ => "txt" }}");

    /// <summary>Columns of a record that are files of their own.</summary>
    public static IEnumerable<(string Column, byte[] Bytes)> Files(SealedRecord record) =>
        record.Kind.Columns.Zip(record.Values).Where(pair => pair.Second is byte[] && !IsSum(pair.First)).Select(pair => (pair.First, (byte[])pair.Second!));

    /// <summary>Sums stand in the list of records, as hex.</summary>
    private static bool IsSum(string column) => column.EndsWith("_sha256", StringComparison.Ordinal);

    private static EvidenceBundle Refused(string problem) => new("", ReadOnlyMemory<byte>.Empty, problem);

    private static string Safe(string orderNo) => string.Concat(orderNo.Select(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' ? character : '_'));

    private static byte[] ReadScript()
    {
        using var script = Assembly.GetExecutingAssembly().GetManifestResourceStream(Script)!;
        using var copy = new MemoryStream();
        script.CopyTo(copy);
        return copy.ToArray();
    }

    private static async Task AddAsync(ZipArchive zip, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await using var entry = await zip.CreateEntry(name).OpenAsync(cancellationToken);
        await entry.WriteAsync(content, cancellationToken);
    }

    private async Task<byte[]> ContentAsync(BundledOrder order, CancellationToken cancellationToken)
    {
        var pieces = await PiecesAsync(order, cancellationToken);
        var all = pieces.SelectMany(piece => new[] { piece.After, piece.UpTo }).OfType<ArchiveCheckpoint>().DistinctBy(checkpoint => checkpoint.Number).ToList();
        using var stream = new MemoryStream();
        await using (var json = new Utf8JsonWriter(stream, s_json))
        {
            json.WriteStartObject();
            json.WriteString("format", "Erp.Customs evidence 1");
            json.WriteString("orderNo", order.OrderNo);
            json.WriteString("merchant", order.Merchant);
            json.WriteString("madeAt", order.MadeAt.UtcDateTime);
            json.WriteStartArray("records");
            foreach (var (seal, record) in order.Records)
            {
                Write(json, seal, record);
            }

            json.WriteEndArray();
            json.WriteStartArray("pieces");
            foreach (var piece in pieces)
            {
                await WriteAsync(json, piece, all, cancellationToken);
            }

            json.WriteEndArray();
            json.WriteStartArray("checkpoints");
            foreach (var checkpoint in all)
            {
                json.WriteStartObject();
                json.WriteString("statement", checkpoint.Statement);
                json.WriteBase64String("signature", checkpoint.Signature.Span);
                json.WriteBase64String("publicKey", checkpoint.PublicKey.Span);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>For each record the part of the chain between the checkpoint before it and the one behind it: an order may have been paid years before customs ask.</summary>
    private async Task<IReadOnlyList<Piece>> PiecesAsync(BundledOrder order, CancellationToken cancellationToken)
    {
        var pieces = new List<Piece>();
        foreach (var (seal, _) in order.Records.Where(one => pieces.Count == 0 || pieces[^1].UpTo.Number < one.Seal.Number))
        {
            pieces.Add(new(await table.BeforeAsync(seal.Number, cancellationToken), (await table.CoveringAsync(seal.Number, cancellationToken))!));
        }

        return pieces;
    }

    private static void Write(Utf8JsonWriter json, EvidenceRow seal, SealedRecord record)
    {
        json.WriteStartObject();
        json.WriteNumber("number", seal.Number);
        json.WriteString("kind", seal.Kind);
        json.WriteNumber("recordId", seal.RecordId);
        json.WriteNumber("recordNo", seal.RecordNo);
        json.WriteString("salt", Convert.ToHexStringLower(seal.Salt!));
        json.WriteStartArray("values");
        foreach (var (column, value) in record.Kind.Columns.Zip(record.Values))
        {
            json.WriteStartArray();
            json.WriteStringValue(column);
            switch (value)
            {
                case null:
                    json.WriteNullValue();
                    break;
                case byte[] bytes:
                    json.WriteStartObject();
                    json.WriteString(IsSum(column) ? "hex" : "file", IsSum(column) ? Convert.ToHexStringLower(bytes) : FileName(seal, column));
                    json.WriteEndObject();
                    break;
                default:
                    json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                    break;
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private async Task WriteAsync(Utf8JsonWriter json, Piece piece, List<ArchiveCheckpoint> all, CancellationToken cancellationToken)
    {
        json.WriteStartObject();
        if (piece.After is { } before)
        {
            json.WriteNumber("after", all.FindIndex(checkpoint => checkpoint.Number == before.Number));
        }
        else
        {
            json.WriteNull("after");
        }

        json.WriteNumber("upTo", all.FindIndex(checkpoint => checkpoint.Number == piece.UpTo.Number));
        json.WriteStartArray("links");
        for (var after = piece.After?.Number ?? 0; await evidence.PageAsync(after, piece.UpTo.Number, PageSize, cancellationToken) is { Count: > 0 } page; after = page[^1].Number)
        {
            foreach (var seal in page)
            {
                json.WriteRawValue(string.Create(
                    CultureInfo.InvariantCulture, $"[{seal.Number},{seal.SealedAt},{seal.RecordId},{seal.RecordNo},\"{seal.Kind}\",\"{Convert.ToHexStringLower(seal.Leaf)}\"]"));
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private sealed record Piece(ArchiveCheckpoint? After, ArchiveCheckpoint UpTo);
}

/// <summary>What is put into a bundle.</summary>
/// <param name="OrderNo">The order.</param>
/// <param name="Merchant">Its merchant.</param>
/// <param name="MadeAt">When the bundle is made.</param>
/// <param name="Records">Its records with their seals, in the order of their numbers.</param>
internal sealed record BundledOrder(string OrderNo, string Merchant, DateTimeOffset MadeAt, IReadOnlyList<(EvidenceRow Seal, SealedRecord Record)> Records);
