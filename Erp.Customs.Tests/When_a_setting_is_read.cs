using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Configuration;

namespace Erp.Customs.Tests;

public class When_a_setting_is_read
{
    private const string Secret = "canary-of-a-password";

    private static readonly Dictionary<string, string?> Least = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Customs:Upload:Url"] = CustomsOptionsReader.TestUrl,
        ["Customs:Merchants:ningbo:EbpCode"] = "3302660075",
        ["Customs:Merchants:ningbo:Signing:Kind"] = "KeyFile",
        ["Customs:Merchants:ningbo:Signing:KeyFile"] = "/keys/ningbo.pfx",
        ["Customs:Merchants:ningbo:Signing:KeyPassword"] = Secret,
    };

    /// <summary>Setting, a value that is wrong (null: absent), and what the sentence says is allowed.</summary>
    public static TheoryData<string, string?, string> Wrong => new()
    {
        { "Customs:BasePath", "customs", "a leading slash" },
        { "Customs:BasePath", "/customs/", "no trailing one" },
        { "Customs:BasePath", "/", "a path such as /customs" },
        { "Customs:BasePath", "/cus toms", "letters, digits" },
        { "Customs:BasePath", "//customs", "a path such as /customs" },
        { "Customs:Upload:Url", null, CustomsOptionsReader.TestUrl },
        { "Customs:Upload:Url", "", CustomsOptionsReader.LiveUrl },
        { "Customs:Upload:Url", "customs.example", CustomsOptionsReader.LiveUrl },
        { "Customs:Upload:Url", "ftp://customs.example/", CustomsOptionsReader.TestUrl },
        { "Customs:Upload:Url", $"https://user:{Secret}@customs.example/", "without user and password" },
        { "Customs:Upload:Url", "http://customs.example/up", "Customs:PlainHttpHosts" },
        { "Customs:Upload:Url", "http://localhost.example/up", "Customs:PlainHttpHosts" },
        { "Customs:Upload:Url", "http://customs.chinaport.gov.cn/up", "Customs:PlainHttpHosts" },
        { "Customs:Upload:TestUrl", "nonsense", CustomsOptionsReader.TestUrl },
        { "Customs:Upload:TestUrl", "http://customs.example/", "Customs:PlainHttpHosts" },
        { "Customs:Upload:TestUrl", CustomsOptionsReader.LiveUrl, CustomsOptionsReader.TestUrl },
        { "Customs:Upload:TestUrl", "https://CUSTOMS.chinaport.gov.cn:8443/x", "live address" },
        { "Customs:Upload:TestUrl", "https://customs.chinaport.gov.cn./x", "live address" },
        { "Customs:Upload:Timeout", "0", "from 1 to 110" },
        { "Customs:Upload:Timeout", "111", "from 1 to 110" },
        { "Customs:Upload:Timeout", "20s", "a whole number" },
        { "Customs:Upload:ServiceTimeAsNumber", "1", "true or false" },
        { "Customs:Deadline", "0", "from 1 to 86400" },
        { "Customs:Deadline", "1.5", "a whole number" },
        { "Customs:Deadline", "99999999999999999999", "from 1 to 86400" },
        { "Customs:Retry:Unknown:Least", "0", "from 1 to 86400" },
        { "Customs:Retry:SignerTransient:Most", "1m", "a whole number" },
        { "Customs:Retry:Data:Useful", "2592001", "from 1 to 2592000" },
        { "Customs:Circuit:Failures", "1", "from 2 to 1000" },
        { "Customs:Circuit:ProbeEvery", "26", "from 1 to 25" },
        { "Customs:RequestsPerSecond", "-1", "from 1 to 1000000" },
        { "Customs:RequestsPerSecond", "1e3", "a whole number" },
        { "Customs:OrderNumbersOverlap", "yes", "true or false" },
        { "Customs:Archive:SealingCron", "often", "Quartz cron" },
        { "Customs:Archive:SealWithin", "5", "from 10 to 86400" },
        { "Customs:Archive:CheckpointCron", "hourly", "Quartz cron" },
        { "Customs:Archive:SealingKey", Secret, "a private key on P-256" },
        { "Customs:Archive:FormerKeys", "abc", "64 hex digits" },
        { "Customs:ApiKeys:erp", "abc", "64 hex digits" },
        { "Customs:ApiKeys:erp", "", "64 hex digits" },
        { "Customs:ApiKeys:erp", "zz" + Secret + "zz", "64 hex digits" },
        { "Customs:Retention:Years", "2", "from 3 to 100" },
        { "Customs:Retention:Years", "0", "from 3 to 100" },
        { "Customs:Retention:Years", "three", "a whole number" },
        { "Customs:Retention:Cron", "every day", "a Quartz cron expression" },
        { "Customs:Retention:DryRun", "no", "true or false" },
        { "Customs:Retention:TimeZone", "Beijing", "a time zone that this machine knows" },
        { "Customs:Completeness:Cron", "daily", "a Quartz cron expression" },
        { "Customs:Database:Engine", "mysql", "sqlite, postgresql or sqlserver" },
        { "Customs:Database:Engine", "SQLite", "sqlite, postgresql or sqlserver" },
        { "Customs:Jobs:Engine", "cron", "auto, hangfire or quartz" },
        { "Customs:Jobs:Engine", "Quartz", "auto, hangfire or quartz" },
        { "Customs:Merchants:ningbo:EbpCode", null, "up to 18 characters" },
        { "Customs:Merchants:ningbo:EbpCode", "1234567890123456789", "up to 18 characters" },
        { "Customs:Merchants:ningbo:RawPolicy", "urlencode", "raw, url-encode or strip" },
        { "Customs:Merchants:ningbo:Signing:Kind", null, "KeyFile" },
        { "Customs:Merchants:ningbo:Signing:KeyFile", null, "PFX or PEM" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Should_say_in_one_sentence_which_is_wrong_and_what_it_takes(string setting, string? value, string allowed)
    {
        var sentence = Refused(With((setting, value)));
        Assert.All(InBothLanguages(sentence), half => Assert.Contains(setting, half, StringComparison.Ordinal));
        Assert.Contains(allowed, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', sentence);
        Assert.DoesNotContain(Secret, sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SignerPin")]
    [InlineData("Customs")]
    public void Should_not_let_be_tried_again_what_is_a_persons_at_once(string failure) =>
        Assert.Contains($"Customs:Retry is '{failure}', but it takes Data, SignerTransient, CustomsTransient, Unknown", Refused(With(($"Customs:Retry:{failure}:Most", "5"))), StringComparison.Ordinal);

    [Fact]
    public void Should_not_let_the_greatest_delay_be_less_than_the_least() =>
        Assert.Contains("from 30 to 86400", Refused(With(("Customs:Retry:Unknown:Least", "30"), ("Customs:Retry:Unknown:Most", "29"))), StringComparison.Ordinal);

    [Fact]
    public void Should_have_a_schedule_for_each_failure_that_passes_by_itself()
    {
        var options = Read(With(("Customs:Deadline", "30"), ("Customs:Retry:unknown:Least", "90"), ("Customs:Retry:CustomsTransient:Most", "7"), ("Customs:Retry:SignerTransient:Useful", "3600")));
        Assert.Equal(
            [
                (FailureClass.Data, 1, 60, 30),
                (FailureClass.SignerTransient, 1, 10, 3600),
                (FailureClass.CustomsTransient, 1, 7, 86_400),
                (FailureClass.Unknown, 90, 90, 86_400),
            ],
            options.Retry.Select(pair => (pair.Key, (int)pair.Value.Least.TotalSeconds, (int)pair.Value.Most.TotalSeconds, (int)pair.Value.Useful.TotalSeconds)));
    }

    [Fact]
    public void Should_ask_for_a_merchant_where_there_is_none() =>
        Assert.Contains("Customs:Merchants:<name>:EbpCode", Refused(new(StringComparer.Ordinal) { ["Customs:Upload:Url"] = CustomsOptionsReader.TestUrl }), StringComparison.Ordinal);

    [Theory]
    [InlineData("api")]
    [InlineData("API")]
    [InlineData("宁波")]
    [InlineData("a b")]
    [InlineData("a/b")]
    public void Should_refuse_a_merchant_whose_name_cannot_stand_in_an_address(string name) =>
        Assert.Contains($"Customs:Merchants is '{name}'", Refused(With(($"Customs:Merchants:{name}:EbpCode", "1"))), StringComparison.Ordinal);

    [Fact]
    public void Should_refuse_a_merchant_name_of_65_characters() =>
        Assert.Contains("64", Refused(With(($"Customs:Merchants:{new string('m', 65)}:EbpCode", "1"))), StringComparison.Ordinal);

    [Fact]
    public void Should_have_its_default_where_nothing_is_set()
    {
        var options = Read(Least);
        Assert.Equal("/customs", options.BasePath);
        Assert.Equal(CustomsOptionsReader.TestUrl, options.TestUrl.ToString());
        Assert.Equal((TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(120)), (options.UploadTimeout, options.Deadline));
        Assert.Equal((2000, 3, "0 15 3 * * ?"), (options.RequestsPerSecond, options.RetentionYears, options.RetentionCron));
        Assert.Equal((false, false, false), (options.ServiceTimeAsNumber, options.OrderNumbersOverlap, options.RetentionDryRun));
        Assert.Equal(JobEngineChoice.Auto, options.JobEngine);
        Assert.Empty(options.PlainHttpHosts);
        Assert.Empty(options.ApiKeys);
        var merchant = Assert.Single(options.Merchants).Value;
        Assert.Equal(("ningbo", "3302660075", RawPolicy.Raw), (merchant.Name, merchant.EbpCode, merchant.RawPolicy));
        Assert.Equal(new SigningOptions("KeyFile", "/keys/ningbo.pfx", Secret, CertificateFile: null), merchant.Signing);
    }

    [Fact]
    public void Should_be_read_as_it_is_set()
    {
        var options = Read(With(
            ("Customs:BasePath", "/erp/customs-179"), ("Customs:Upload:Timeout", "110"), ("Customs:Upload:ServiceTimeAsNumber", "True"), ("Customs:Deadline", "30"),
            ("Customs:RequestsPerSecond", "10"), ("Customs:OrderNumbersOverlap", "true"), ("Customs:Retention:Years", "5"), ("Customs:Retention:Cron", "0 0 4 ? * SUN"),
            ("Customs:Retention:DryRun", "TRUE"), ("Customs:Retention:TimeZone", "Asia/Shanghai"), ("Customs:Completeness:Cron", "0 0 5 * * ?"), ("Customs:Merchants:ningbo:RawPolicy", "strip"), ("Customs:Merchants:ningbo:Signing:CertificateFile", "/keys/ningbo.crt"),
            ("Customs:ApiKeys:erp", new string('A', 64))));
        Assert.Equal("/erp/customs-179", options.BasePath);
        Assert.Equal((TimeSpan.FromSeconds(110), TimeSpan.FromSeconds(30)), (options.UploadTimeout, options.Deadline));
        Assert.Equal((10, 5, "0 0 4 ? * SUN"), (options.RequestsPerSecond, options.RetentionYears, options.RetentionCron));
        Assert.Equal(("Asia/Shanghai", "0 0 5 * * ?"), (options.RetentionZone.Id, options.CompletenessCron));
        Assert.Equal((true, true, true), (options.ServiceTimeAsNumber, options.OrderNumbersOverlap, options.RetentionDryRun));
        Assert.Equal((RawPolicy.Strip, "/keys/ningbo.crt"), (options.Merchants["NINGBO"].RawPolicy, options.Merchants["ningbo"].Signing.CertificateFile));
        Assert.All(options.ApiKeys["erp"], value => Assert.Equal(0xAA, value));
    }

    [Fact]
    public void Should_list_several_keys_in_order_of_preference()
    {
        var store = new Store { ["Customs:Merchants:ningbo:Signing:10:Pin"] = Secret };
        var settings = With(
            ("Customs:Merchants:ningbo:Signing:Kind", null), ("Customs:Merchants:ningbo:Signing:KeyFile", null), ("Customs:Merchants:ningbo:Signing:KeyPassword", null),
            ("Customs:Merchants:ningbo:Signing:10:Kind", "EportClient"), ("Customs:Merchants:ningbo:Signing:10:Address", "ws://10.0.0.5:61232"),
            ("Customs:Merchants:ningbo:Signing:2:Kind", "KeyFile"), ("Customs:Merchants:ningbo:Signing:2:KeyFile", "/keys/ningbo.pfx"));

        var merchant = new CustomsOptionsReader(Configuration(settings), store).Read().Merchants["ningbo"];

        Assert.Equal(new SigningOptions("KeyFile", "/keys/ningbo.pfx", null, null) { Section = "Signing:2" }, merchant.Signing);
        Assert.Equal([new SigningOptions("EportClient", "", null, null) { Section = "Signing:10", Address = new Uri("ws://10.0.0.5:61232"), Pin = Secret }], merchant.Substitutes);
        Assert.Equal(["KeyFile", "EportClient"], merchant.WithEachKey.Select(key => key.Signing.Kind));
        Assert.Equal("Customs:Merchants:ningbo:Signing:10:Pin", merchant.WithEachKey[1].SigningSetting("Pin"));
        Assert.DoesNotContain(Secret, $"{merchant} {merchant.Substitutes[0]}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Customs:Merchants:ningbo:Signing:0:Kind", "not both")]
    [InlineData("Customs:Merchants:ningbo:Signing:first:Kind", "a list numbered 0, 1, 2 …")]
    public void Should_be_one_key_or_a_list_of_them(string setting, string allowed) =>
        Assert.Contains(allowed, Refused(With((setting, "EportClient"))), StringComparison.Ordinal);

    [Fact]
    public void Should_let_Quartz_drive_in_every_build() => Assert.Equal(JobEngineChoice.Quartz, Read(With(("Customs:Jobs:Engine", "quartz"))).JobEngine);

    [Fact]
    public void Should_refuse_Hangfire_in_one_sentence_where_it_is_not_built_in()
    {
        var settings = With(("Customs:Jobs:Engine", "hangfire"));
        if (JobEngines.HangfireBuiltIn)
        {
            Assert.Equal(JobEngineChoice.Hangfire, Read(settings).JobEngine);
            return;
        }

        var halves = InBothLanguages(Refused(settings));
        Assert.EndsWith("未内置 Hangfire", halves[0], StringComparison.Ordinal);
        Assert.Equal("Customs:Jobs:Engine is 'hangfire', but it takes auto or quartz, because Hangfire is not built in", halves[1]);
    }

    [Theory]
    [InlineData("https://customs.chinaport.gov.cn/ceb2grab/grab/realTimeDataUpload", "Live")]
    [InlineData("https://CUSTOMS.ChinaPort.gov.cn:443/other", "Live")]
    [InlineData("https://customs.chinaport.gov.cn./ceb2grab/grab/realTimeDataUpload", "Live")]
    [InlineData("https://swapptest.singlewindow.cn/ceb2grab/grab/realTimeDataUpload", "Test")]
    [InlineData("https://customs.chinaport.gov.cn.example.com/", "Other")]
    [InlineData("http://127.0.0.1:5090/ceb2grab/grab/realTimeDataUpload", "Other")]
    public void Should_tell_live_from_test_from_anything_else(string url, string environment) =>
        Assert.Equal(environment, Read(With(("Customs:Upload:Url", url))).Environment.ToString());

    [Theory]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("http://127.9.9.9/")]
    [InlineData("http://[::1]:1/")]
    [InlineData("http://localhost:5090/")]
    [InlineData("http://gateway.intern/")]
    [InlineData("http://GATEWAY2.intern:8080/")]
    public void Should_let_plain_http_through_to_loopback_and_to_the_hosts_that_are_named(string url)
    {
        Assert.Equal(new Uri(url), Read(With(("Customs:Upload:Url", url), ("Customs:PlainHttpHosts", "gateway.intern, gateway2.intern"))).UploadUrl);
        Assert.Equal(new Uri(url), Read(With(("Customs:Upload:Url", url), ("Customs:PlainHttpHosts:0", "Gateway.Intern"), ("Customs:PlainHttpHosts:1", "gateway2.intern"))).UploadUrl);
    }

    [Fact]
    public void Should_come_from_the_secret_store_before_configuration()
    {
        var store = new Store
        {
            ["Customs:Merchants:ningbo:Signing:KeyPassword"] = "from the store",
            ["Customs:ApiKeys:erp"] = new string('b', 64),
        };
        var options = new CustomsOptionsReader(Configuration(With(("Customs:ApiKeys:erp", new string('a', 64)), ("Customs:ApiKeys:wms", new string('c', 64)))), store).Read();
        Assert.Equal("from the store", options.Merchants["ningbo"].Signing.KeyPassword);
        Assert.Equal((0xBB, 0xCC), ((int)options.ApiKeys["erp"][0], (int)options.ApiKeys["wms"][0]));
    }

    [Theory]
    [InlineData("postgresql", null)]
    [InlineData("sqlserver", "")]
    public void Should_ask_for_the_connection_string_of_a_server(string engine, string? given) => Assert.Contains(
        "Customs:Database:ConnectionString is missing",
        Refused(With(("Customs:Database:Engine", engine), ("Customs:Database:ConnectionString", given))), StringComparison.Ordinal);

    [Theory]
    [InlineData("postgresql", DatabaseEngine.PostgreSql)]
    [InlineData("sqlserver", DatabaseEngine.SqlServer)]
    internal void Should_take_the_connection_string_from_the_secret_store_and_show_it_nowhere(string engine, DatabaseEngine expected)
    {
        var store = new Store { ["Customs:Database:ConnectionString"] = Secret };
        var options = new CustomsOptionsReader(Configuration(With(("Customs:Database:Engine", engine), ("Customs:Database:ConnectionString", "from the settings"))), store).Read();
        Assert.Equal(new DatabaseOptions(expected, Secret), options.Database);
        Assert.DoesNotContain(Secret, $"{options.Database} {options}", StringComparison.Ordinal);
        Assert.Equal(new DatabaseOptions(DatabaseEngine.Sqlite, ""), Read(With(("Customs:Database:ConnectionString", "not used"))).Database);
    }

    [Fact]
    public void Should_not_show_a_password_when_an_option_is_written_out()
    {
        var merchant = Read(Least).Merchants["ningbo"];
        Assert.DoesNotContain(Secret, $"{merchant} {merchant.Signing}", StringComparison.Ordinal);
    }

    [Fact]
    public void Should_let_the_base_path_be_read_where_everything_else_is_wrong() =>
        Assert.Equal("/x", new CustomsOptionsReader(Configuration(new(StringComparer.Ordinal) { ["Customs:BasePath"] = "/x", ["Customs:Deadline"] = "never" }), secrets: null).BasePath());

    private static string[] InBothLanguages(string sentence)
    {
        var halves = sentence.Split(" | ");
        Assert.Equal(2, halves.Length);
        return halves;
    }

    private static string Refused(Dictionary<string, string?> settings) => Assert.Throws<ModuleConfigurationException>(() => Read(settings)).Message;

    private static CustomsOptions Read(Dictionary<string, string?> settings) => new CustomsOptionsReader(Configuration(settings), secrets: null).Read();

    private static IConfiguration Configuration(Dictionary<string, string?> settings) => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

    private static Dictionary<string, string?> With(params (string Name, string? Value)[] changes)
    {
        var settings = new Dictionary<string, string?>(Least, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in changes)
        {
            settings[name] = value;
            if (value is null)
            {
                settings.Remove(name);
            }
        }

        return settings;
    }

    private sealed class Store() : Dictionary<string, string>(StringComparer.Ordinal), ISecretStore
    {
        public string? Read(string name) => this.GetValueOrDefault(name);
    }
}
