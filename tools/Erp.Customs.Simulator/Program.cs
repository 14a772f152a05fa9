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
    register.json, when it is there: [{"certNo":"01691f7f","ebpCode":"3301963K69","certificate":"card.pem"}], files relative to it
    """;

var urls = "http://127.0.0.1:5090";
var data = "customs-data";
var acceptUnasked = false;
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

    await using var customs = await CustomsServer.StartAsync(options, stop.Token);

    Console.WriteLine($"上传地址 upload  {customs.UploadAddress}");
    Console.WriteLine($"支付报关 bridge  {customs.BaseAddress}");
    Console.WriteLine($"页面 page        {customs.BaseAddress}");
    Console.WriteLine("Ctrl+C 结束 ends");
    await Task.Delay(Timeout.Infinite, stop.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    return 0;

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
