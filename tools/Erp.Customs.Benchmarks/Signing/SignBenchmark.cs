using System.Diagnostics;
using System.Globalization;
using Erp.Customs.Benchmarks.Measuring;
using Erp.Customs.Benchmarks.World;
using Erp.Customs.Module;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Signing.Cbt;
using Erp.Customs.Module.Signing.Eport;
using Erp.Customs.Module.Signing.KeyFiles;
using Erp.Customs.Module.Signing.Pkcs11;
using Erp.Customs.Simulator;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Benchmarks.Signing;

/// <summary>Signing and verifying on one core, beside what openssl's own speed test does with keys of the same size. Both sign short texts; what a usual text costs is shown too.</summary>
internal sealed class SignBenchmark : IBenchmark
{
    private static readonly (CardKind Kind, string Name, string Openssl)[] s_kinds = [(CardKind.Rsa1024, "RSA-1024 SHA-1", "rsa1024"), (CardKind.Sm2, "SM2-SM3", "sm2")];

    public string Name => "sign";

    public async Task<IReadOnlyList<Row>> RunAsync(Scale scale, string folder)
    {
        var rows = new List<Row>();
        foreach (var (kind, name, openssl) in s_kinds)
        {
            await using var signer = KeyFileSigner.Load(BenchCard.Issue(folder, kind).Merchant, TimeProvider.System, NullLogger.Instance);
            var text = new SigningRequest("fe2374-8fnejf97-55616242", "{}", "[]", 1544519952469);
            var usual = text with { Head = new string('x', 6000) };
            var duration = TimeSpan.FromSeconds(scale.Of(0.1, 1));
            var rounds = await Rounds.AlternateAsync(
                scale.Of(1, 3),
                () => OpensslAsync(openssl, scale.Of(1, 1)),
                () => Task.FromResult(Measure(signer, text, duration)),
                () => Task.FromResult(Measure(signer, usual, duration)));
            var (sign, verify) = (Median(rounds[1], one => one.Sign), Median(rounds[1], one => one.Verify));
            var beside = rounds[0].OfType<Both>().ToList();
            rows.Add(beside.Count == 0
                ? new Row($"{name}: KeyFileSigner", "no openssl here", Figures.PerSecond(sign), null, ">= 0.8x", null)
                : Row.AtLeast($"{name}: KeyFileSigner, per core, beside `openssl speed {openssl}`", Median(beside, one => one.Sign), sign, 0.8, Figures.PerSecond));
            rows.Add(beside.Count == 0
                ? new Row($"{name}: SignatureCheck", "no openssl here", Figures.PerSecond(verify), null, "", null)
                : Row.Shown($"{name}: SignatureCheck, per core", Median(beside, one => one.Verify), verify, Figures.PerSecond));
            rows.Add(new Row($"{name}: a text of 6 KB", "-", $"{Figures.PerSecond(Median(rounds[2], one => one.Sign))} signed, {Figures.PerSecond(Median(rounds[2], one => one.Verify))} verified", null, "", null));
        }

        rows.AddRange(await KindsAsync(scale, folder));
        return rows;
    }

    /// <summary>Each kind of signer, one call after another: what the way to the key costs. Control, gateway and token are played by the simulator and SoftHSM, the agent is a process of its own with the same key file; what they do is in the figure.</summary>
    private static async Task<IReadOnlyList<Row>> KindsAsync(Scale scale, string folder)
    {
        const string Pin = "88888888";
        var card = BenchCard.Issue(folder, CardKind.Rsa1024);
        await using var control = await EportControl.StartAsync(card.Card, Pin);
        await using var gateway = await CbtGateway.StartAsync(card.Card, Pin);
        var signers = new List<ISigner>
        {
            KeyFileSigner.Load(card.Merchant, TimeProvider.System, NullLogger.Instance),
            EportSigner.Open(With(new SigningOptions("EportClient", "", null, null) { Address = control.Address, Pin = Pin }), TimeProvider.System, NullLogger.Instance),
            CbtSigner.Open(
                With(new SigningOptions("CbtGateway", "", null, card.CertificateFile) { Address = gateway.Address, Cbt = new CbtOptions("Benchmarks", "1", Pin, AsInTable: false) }),
                new CbtWriter(), TimeProvider.System, NullLogger.Instance),
        };
        if (SoftToken.Library is { } library)
        {
            var token = SoftToken.Create(Pin, (card.Card, "sign"));
            signers.Add(Pkcs11Signer.Open(With(new SigningOptions("Pkcs11", "", null, null) { Library = library, TokenLabel = token.Label, Pin = Pin }), TimeProvider.System, NullLogger.Instance));
        }

        await using var world = await ModuleWorld.StartAsync(folder, AgentProcess.Behind(card.Merchant), new Uri("http://127.0.0.1:9/"));
        await using var agent = await AgentProcess.StartAsync(Path.Combine(folder, "agent"), new Uri(world.Address, "/customs"), card.Merchant);
        signers.Add(world.Service<Signers>().Of(card.Merchant.Name)[0]);

        var duration = TimeSpan.FromSeconds(scale.Of(0.1, 1));
        var rounds = await Rounds.AlternateAsync(
            scale.Of(1, 3), [() => OpensslAsync("rsa1024", 1), .. signers.Select(signer => (Func<Task<Both?>>)(async () => new Both(await RateAsync(signer, duration), 0)))]);
        var openssl = rounds[0].OfType<Both>().Select(one => one.Sign).ToList();
        var rows = new List<Row>();
        foreach (var (signer, number) in signers.Select((signer, number) => (signer, number)))
        {
            var rate = Median(rounds[number + 1], one => one.Sign);
            var what = $"RSA-1024 by kind, one after another: {signer.Kind}";
            rows.Add(openssl.Count == 0 ? Row.Seen(what, Figures.PerSecond(rate)) : Row.Shown(what, openssl.Median(), rate, Figures.PerSecond));
            await signer.DisposeAsync();
        }

        rows.AddRange(SoftToken.Library is null ? [Row.Seen("RSA-1024 by kind, one after another: Pkcs11", "no SoftHSM here")] : []);
        rows.Add(Row.Seen("RSA-1024 by kind, one after another: Sign64", "Windows with a card alone"));
        return rows;

        MerchantOptions With(SigningOptions signing) => card.Merchant with { Signing = signing };
    }

    /// <summary>By the clock on the wall: most of the time others work.</summary>
    private static async Task<double> RateAsync(ISigner signer, TimeSpan duration)
    {
        var request = new SigningRequest("fe2374-8fnejf97-55616242", "{}", "[]", 1544519952469);
        var (began, signed) = (TimeProvider.System.GetTimestamp(), 0);
        do
        {
            await signer.SignAsync(request, CancellationToken.None);
            signed++;
        }
        while (TimeProvider.System.GetElapsedTime(began) < duration);
        return signed / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }

    private static double Median(IEnumerable<Both?> rounds, Func<Both, double> what) => rounds.OfType<Both>().Select(what).Median();

    private static Both? Measure(KeyFileSigner signer, SigningRequest request, TimeSpan duration)
    {
        var signed = Loop.Run(duration, () => signer.SignAsync(request, CancellationToken.None).GetAwaiter().GetResult());
        var text = SignText.Compose(request.SessionId, request.Head, request.Lists, request.ProposedServiceTime);
        var signature = signer.SignAsync(request, CancellationToken.None).GetAwaiter().GetResult();
        var now = TimeProvider.System.GetUtcNow();
        var verified = Loop.Run(duration, () =>
        {
            if (!SignatureCheck.Verify(text, signature, now).Ok)
            {
                throw new InvalidOperationException("A good signature was called bad.");
            }
        });
        return new(signed.PerSecond, verified.PerSecond);
    }

    private static async Task<Both?> OpensslAsync(string algorithm, int seconds)
    {
        try
        {
            var start = new ProcessStartInfo("openssl", ["speed", "-mr", "-seconds", seconds.ToString(CultureInfo.InvariantCulture), algorithm]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            using var openssl = Process.Start(start)!;
            var progress = openssl.StandardError.ReadToEndAsync();
            var output = await openssl.StandardOutput.ReadToEndAsync();
            await progress;
            await openssl.WaitForExitAsync();
            // Machine-readable: +F2:1:1024:12533.8:216521.4, the last two are signatures and verifications a second.
            var fields = output.Split('\n').LastOrDefault(line => line.StartsWith("+F", StringComparison.Ordinal))?.Split(':');
            return fields is null ? null : new(Number(fields[^2]), Number(fields[^1]));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // there is none
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Both(double Sign, double Verify);
}
