using System.Text;
using Erp.Customs.Simulator.Judging;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Simulator;

public sealed class When_real_signatures_are_verified
{
    [VectorsFact]
    public void Should_verify_sm2_over_a_full_sign_text() => AssertVerifies("sm2-179-testcontroller", "pub-03000000000cde6f-sm2.pem");

    [VectorsFact]
    public void Should_verify_sm2_over_a_text_with_a_line_feed_at_its_end() => AssertVerifies("sm2-xml-trailing-newline", "pub-03000000000cde6f-sm2.pem");

    [VectorsFact]
    public void Should_verify_rsa() => AssertVerifies("rsa-xml-ceb311", "pub-01691f7f-rsa1024.pem");

    [VectorsFact]
    public void Should_cut_the_sign_text_of_a_real_payload_out_of_it()
    {
        var signed = Encoding.UTF8.GetString(Read("sm2-179-testcontroller.txt"));
        var parts = signed.Split("||");
        var head = parts[1]["\"payExchangeInfoHead\":\"".Length..^1];
        var lists = parts[2]["\"payExchangeInfoLists\":\"".Length..^1];
        var payload = $"{{{parts[0]},\"payExchangeInfoHead\":{head},\"payExchangeInfoLists\":{lists},{parts[3]},\"certNo\":\"03000000000cde6f\",\"signValue\":\"AA==\"}}";

        var root = RawJson.Parse(Encoding.UTF8.GetBytes(payload));

        Assert.Null(PayloadRules.Check(root));
        Assert.Equal(signed, Encoding.UTF8.GetString(SignText.Cut(root)));
    }

    private static void AssertVerifies(string name, string keyFile)
    {
        var key = RegisteredKey.Read(System.Security.Cryptography.PemEncoding.TryFind(Pem(keyFile), out var fields)
            ? Convert.FromBase64String(Pem(keyFile)[fields.Base64Data])
            : []);
        var text = Read($"{name}.txt");
        var signature = Encoding.ASCII.GetString(Read($"{name}.sig.b64")).Trim();

        Assert.True(key.Verify(text, signature));
        Assert.False(key.Verify(text[..^1], signature));
        Assert.False(key.Verify([.. text, (byte)'\n'], signature));
    }

    private static string Pem(string file) => Encoding.ASCII.GetString(Read(file));

    private static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(VectorsFactAttribute.Folder!, file));
}
