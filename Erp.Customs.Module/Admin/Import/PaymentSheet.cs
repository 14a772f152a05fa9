using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Rendering;

namespace Erp.Customs.Module.Admin.Import;

/// <summary>
/// The payments in the rows of a file: rows of the same merchant and 交易流水号 that stand one after the other are one payment, each row a kind of goods of one of its orders.
/// Every cell that is wrong is named; what the fields may hold is judged by the rules of the payments API.
/// </summary>
/// <param name="whyNot">The rules.</param>
internal sealed class PaymentSheet(Func<PaymentDelivery, IReadOnlyList<FieldViolation>> whyNot)
{
    /// <summary>Reads the payments.</summary>
    /// <param name="rows">As <see cref="SheetRows"/> reads them; the first that is not empty has the titles.</param>
    /// <exception cref="SheetException">While they are read: the titles are wrong, there are too many rows or none.</exception>
    public IEnumerable<SheetPayment> Read(IEnumerable<(int Number, IReadOnlyList<object?> Cells)> rows)
    {
        IReadOnlyList<ImportColumn?>? titles = null;
        var first = new Dictionary<(string Merchant, string Number), int>();
        var lines = new List<Line>();
        var count = 0;
        foreach (var (number, cells) in rows)
        {
            if (!cells.Any(cell => cell is not null && (cell is not string text || !string.IsNullOrWhiteSpace(text))))
            {
                continue;
            }

            if (titles is null)
            {
                titles = Titles(cells);
                continue;
            }

            if (++count > SheetRows.RowLimit)
            {
                throw new SheetException(Words.Of($"超过 {SheetRows.RowLimit:N0} 行：请拆分为几个文件", $"More than {SheetRows.RowLimit:N0} rows: split the file"));
            }

            var line = new Line(number, titles, cells);
            if (lines.Count > 0 && (line.Key != lines[0].Key || line.Key.Number.Length == 0))
            {
                yield return Payment(lines, first);
                lines = [];
            }

            lines.Add(line);
        }

        yield return lines.Count > 0 ? Payment(lines, first)
            : throw new SheetException(Words.Of("文件中没有支付数据：第一行为列名，数据从第二行开始", "There is no payment in the file: the titles stand in its first row, payments from the second on"));
    }

    private static List<ImportColumn?> Titles(IReadOnlyList<object?> cells)
    {
        var titles = cells.Select(cell => cell?.ToString() is { } title && !string.IsNullOrWhiteSpace(title) ? (Title: title.Trim(), Column: ImportColumn.Named(title)) : default).ToList();
        var unknown = titles.Where(title => title is { Title: not null, Column: null }).Select(title => title.Title.Length <= 40 ? title.Title : title.Title[..40]).ToList();
        var missing = ImportColumn.All.Where(column => column.Required).Except(titles.Select(title => title.Column)).OfType<ImportColumn>().ToList();
        var twice = titles.Select(title => title.Column).OfType<ImportColumn>().GroupBy(column => column).Where(columns => columns.Count() > 1).Select(columns => columns.Key).ToList();
        var problems = new List<string>();
        Say(missing.Count > 0, $"缺少列 {string.Join("、", missing.Select(column => column.Zh))}", $"columns are missing: {string.Join(", ", missing.Select(column => column.En))}");
        Say(unknown.Count > 0, $"未知的列 {string.Join("、", unknown.Take(10))}", $"columns are not known: {string.Join(", ", unknown.Take(10))}");
        Say(twice.Count > 0, $"列重复 {string.Join("、", twice.Select(column => column.Zh))}", $"columns stand twice: {string.Join(", ", twice.Select(column => column.En))}");
        return problems.Count == 0 ? [.. titles.Select(title => title.Column)]
            : throw new SheetException(Words.All([Words.Of("列名与模板不符，请下载模板对照", "The titles are not the template's: download it and compare"), .. problems]));

        void Say(bool isWrong, string zh, string en)
        {
            if (isWrong)
            {
                problems.Add(Words.Of(zh, en));
            }
        }
    }

    private SheetPayment Payment(List<Line> lines, Dictionary<(string Merchant, string Number), int> first)
    {
        var head = lines[0];
        var bad = lines.SelectMany(line => line.Bad).ToList();
        if (head.Key.Number.Length > 0 && !first.TryAdd(head.Key, head.Number))
        {
            bad.Add(new(head.Number, ImportColumn.PayTransactionId, Words.Of(
                $"第 {first[head.Key]} 行已有该交易流水号：同一笔支付的各行须相邻", $"row {first[head.Key]} has this number: rows of one payment must stand one after the other")));
        }

        bad.AddRange(new[] { ImportColumn.TotalAmount, ImportColumn.TradingTime }
            .Where(column => head.Of(column) is "" && !bad.Exists(cell => cell.Row == head.Number && cell.Column == column))
            .Select(column => new BadCell(head.Number, column, Words.Of("必填，现为空", "required, but empty"))));
        bad.AddRange(lines.Skip(1).SelectMany(line => Different(line, head, ImportLevel.Payment)));
        var orders = lines.GroupBy(line => line.Text(ImportColumn.OrderNo), StringComparer.Ordinal).Select(order => order.ToList()).ToList();
        foreach (var order in orders)
        {
            bad.AddRange(order.Skip(1).SelectMany(line => Different(line, order[0], ImportLevel.Order)));
        }

        var delivery = new PaymentDelivery(
            head.Key.Merchant,
            head.Key.Number,
            head.Raw(ImportColumn.InitalRequest),
            head.Raw(ImportColumn.InitalResponse),
            new PaymentFacts(
                head.Text(ImportColumn.PayCode),
                head.Of<decimal>(ImportColumn.TotalAmount),
                head.Text(ImportColumn.Currency),
                head.Text(ImportColumn.VerDept),
                head.Text(ImportColumn.PayType),
                head.Of<DateTimeOffset>(ImportColumn.TradingTime),
                head.Text(ImportColumn.Note),
                [.. orders.Select(order => new PaidOrder(
                    order[0].Text(ImportColumn.OrderNo),
                    [.. order.Select(line => new Goods(line.Text(ImportColumn.GName), line.Text(ImportColumn.ItemLink)))],
                    order[0].Text(ImportColumn.RecpAccount),
                    order[0].Text(ImportColumn.RecpCode),
                    order[0].Text(ImportColumn.RecpName)))]));
        foreach (var violation in whyNot(delivery))
        {
            var column = ImportColumn.OfRule(violation.Field);
            var row = RowOf(violation.Field, head, orders);

            // A cell that could not be read has been named, whatever the rules say of the empty value in its place.
            if (!bad.Exists(cell => cell.Row == row && cell.Column == column))
            {
                bad.Add(new(row, column, Words.Of(violation.Sentence, violation.SentenceEn)));
            }
        }

        return new(delivery, [.. lines.Select(line => (line.Number, line.Text(ImportColumn.OrderNo)))], [.. bad.OrderBy(cell => cell.Row)]);
    }

    /// <summary>The row of a rule's field: <c>payExchangeInfoLists[1].goodsInfo[0].gname</c> is of the first kind of goods of the second order.</summary>
    private static int RowOf(string path, Line head, List<List<Line>> orders)
    {
        var at = path.Split('.').Select(part => part.IndexOf('[', StringComparison.Ordinal) is > 0 and var open ? int.Parse(part.AsSpan(open + 1, part.Length - open - 2)) : 0).ToList();
        return path.StartsWith("payExchangeInfoLists[", StringComparison.Ordinal) ? orders[at[0]][at.Count > 2 ? at[1] : 0].Number : head.Number;
    }

    private static IEnumerable<BadCell> Different(Line line, Line first, ImportLevel level) => ImportColumn.All
        .Where(column => column.Level == level && line.Of(column) is not "" && !line.Of(column).Equals(first.Of(column)))
        .Select(column => new BadCell(line.Number, column, Words.Of($"与第 {first.Number} 行不同，应相同或留空", $"differs from row {first.Number}: it must be the same or empty")));

    /// <summary>A row, read.</summary>
    private sealed class Line
    {
        private readonly Dictionary<ImportColumn, object> _values = [];

        public Line(int number, IReadOnlyList<ImportColumn?> titles, IReadOnlyList<object?> cells)
        {
            Number = number;
            for (var i = 0; i < cells.Count; i++)
            {
                if (i >= titles.Count || titles[i] is not { } column)
                {
                    continue;
                }

                (var value, var problem) = CellReader.Read(column, cells[i]);
                _values[column] = value;
                if (problem is not null)
                {
                    Bad.Add(new(number, column, problem));
                }
            }
        }

        public int Number { get; }

        public List<BadCell> Bad { get; } = [];

        public (string Merchant, string Number) Key => (Text(ImportColumn.Merchant), Text(ImportColumn.PayTransactionId));

        public object Of(ImportColumn column) => _values.GetValueOrDefault(column, "");

        public string Text(ImportColumn column) => (string)Of(column);

        /// <summary>An amount or a time; what stands for it where there is none is never stored.</summary>
        public T Of<T>(ImportColumn column) where T : struct => Of(column) is T value ? value : default;

        public RawMessage Raw(ImportColumn column) => new(Encoding.UTF8.GetBytes(Text(column)), "utf-8");
    }
}

/// <summary>A payment of a file.</summary>
/// <param name="Delivery">As the payments API would have it; not to be stored while a cell is bad.</param>
/// <param name="Rows">Its rows, each with the order in it.</param>
/// <param name="Bad">What is wrong.</param>
internal sealed record SheetPayment(PaymentDelivery Delivery, IReadOnlyList<(int Row, string OrderNo)> Rows, IReadOnlyList<BadCell> Bad);

/// <summary>A cell that is wrong.</summary>
/// <param name="Row">Its row in the sheet.</param>
/// <param name="Column">Its column.</param>
/// <param name="Sentence">What is wrong and what is allowed, <c>中文 | English</c>; never its value.</param>
internal sealed record BadCell(int Row, ImportColumn Column, string Sentence);
