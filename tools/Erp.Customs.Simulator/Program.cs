using System.Runtime.InteropServices;
using System.Text.Json;
using Erp.Customs.Simulator;

// The simulator as a program, for rehearsals: customs listen until Ctrl+C, with their log in the data folder.
const string usage = """
    Erp.Customs.Simulator: customs for rehearsals (海关模拟器)
      --urls URLS        where to listen (default http://127.0.0.1:5090)
      --data DIR         folder of the log customs-log.jsonl and of register.json (default ./customs-data)
      --register CERTNO:EBPCODE:FILE
                         registers the certificate or public key of a PEM file; may be repeated
      --accept-unasked   takes uploads whose session customs never opened (联调)
      --eport PORT       an EportClient control with an SM2 card at ws://127.0.0.1:PORT; its PIN is 88888888
      --cbt PORT         the Shanghai CBT gateway with an RSA card at http://127.0.0.1:PORT/cbt/sign179; its token is rehearsal-token
      --ebp EBPCODE      under which these cards are registered (default 3301963K69)
    The cards of --eport and --cbt are made once and kept in the data folder, each with its certificate beside it (eport.cer, cbt.cer).
    register.json, when it is there: [{"certNo":"01691f7f","ebpCode":"3301963K69","certificate":"card.pem"}], files relative to it
    """;

var urls = "http://127.0.0.1:5090";
var data = "customs-data";
var acceptUnasked = false;
var ebp = "3301963K69";
int? eportPort = null, cbtPort = null;
List<(string CertNo, string EbpCode, string File)> registrations = [];
for (var i = 0; i < args.Length; i++)
{
    var value = i + 1 < args.Length ? args[i + 1] : null;
    switch (args[i])
    {
        case "--urls" when value is not null:
            urls = value;
            i++;
            break;
        case "--data" when value is not null:
            data = value;
            i++;
            break;
        case "--register" when value?.Split(':', 3) is [var certNo, var ebpCode, var file]:
            registrations.Add((certNo, ebpCode, file));
            i++;
            break;
        case "--eport" when int.TryParse(value, out var port):
            eportPort = port;
            i++;
            break;
        case "--cbt" when int.TryParse(value, out var port):
            cbtPort = port;
            i++;
            break;
        case "--ebp" when value is not null:
            ebp = value;
            i++;
            break;
        case "--accept-unasked":
            acceptUnasked = true;
            break;
        default:
            Console.Error.WriteLine(usage);
            return 2;
    }
}

try
{
    var registerFile = Path.Combine(data, "register.json");
    if (File.Exists(registerFile))
    {
        var listed = JsonSerializer.Deserialize<RegisterEntry[]>(await File.ReadAllTextAsync(registerFile), JsonSerializerOptions.Web) ?? [];
        registrations.AddRange(listed.Select(one => (one.CertNo, one.EbpCode, Path.Combine(data, one.Certificate))));
    }

    using var stop = new CancellationTokenSource();
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    var options = new CustomsServerOptions { Urls = urls, LogFile = Path.Combine(data, "customs-log.jsonl"), AcceptUnasked = acceptUnasked };
    foreach (var (certNo, ebpCode, file) in registrations)
    {
        options.Register.RegisterPem(certNo, ebpCode, await File.ReadAllTextAsync(file));
        Console.WriteLine($"已注册 registered  certNo {certNo}  ebpCode {ebpCode}");
    }

    await using var eport = eportPort is { } atEport ? await EportControl.StartAsync(Card("eport", CardKind.Sm2), "88888888", $"http://127.0.0.1:{atEport}") : null;
    await using var cbt = cbtPort is { } atCbt ? await CbtGateway.StartAsync(Card("cbt", CardKind.Rsa1024), "rehearsal-token", $"http://127.0.0.1:{atCbt}") : null;
    await using var customs = await CustomsServer.StartAsync(options, stop.Token);

    Console.WriteLine($"上传地址 upload  {customs.UploadAddress}");
    Console.WriteLine($"支付报关 bridge  {customs.BaseAddress}");
    Console.WriteLine($"页面 page        {customs.BaseAddress}");
    if (eport is not null)
    {
        Console.WriteLine($"签名控件 control {eport.Address}  PIN {eport.Pin}");
    }

    if (cbt is not null)
    {
        Console.WriteLine($"上海 CBT gateway {cbt.Address}  token {cbt.Token}  CertificateFile {Path.GetFullPath(Path.Combine(data, "cbt.cer"))}");
    }

    Console.WriteLine("Ctrl+C 结束 ends");
    await Task.Delay(Timeout.Infinite, stop.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    return 0;

    IssuedCard Card(string name, CardKind kind)
    {
        var file = Path.Combine(data, $"{name}-card.pem");
        var card = File.Exists(file) ? IssuedCard.ReadKey(file) : new CardIssuer(TimeProvider.System).Issue(kind, "演练企业");
        card.WriteKey(file, password: null);
        card.WriteCertificate(Path.Combine(data, $"{name}.cer"));
        options.Register.RegisterPem(card.CertNo, ebp, card.CertificatePem);
        Console.WriteLine($"已注册 registered  certNo {card.CertNo}  ebpCode {ebp}");
        return card;
    }

    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.Cancel();
    }
}
catch (Exception exception) when (exception is IOException or InvalidDataException or ArgumentException or JsonException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
