using System.Security.Cryptography;
using Erp.Customs.Module.Signing;
using Erp.Customs.Simulator;

namespace Erp.Customs.Tests.Signing;

/// <summary>证书编号 is the serial number as customs register it.</summary>
public sealed class When_a_certNo_is_read
{
    [Theory]
    [InlineData("01691f7f", "01691f7f")]
    [InlineData("03000000000cde6f", "03000000000cde6f")]
    [InlineData("01010000000019f1", "01010000000019f1")]
    [InlineData("7f000001", "7f000001")]
    [InlineData("0a", "0a")]
    [InlineData("9f691f7f", "9f691f7f")]
    [InlineData("ff000000000cde6f", "ff000000000cde6f")]
    public void Should_be_the_serial_in_lower_case_with_its_zeros_and_without_the_sign_byte(string serial, string certNo)
    {
        using var key = RSA.Create(1024);
        using var certificate = TestCards.SelfSigned(key, Convert.FromHexString(serial));

        Assert.Equal(certNo, SigningCertificate.Read(certificate.RawData).CertNo);
    }

    [Theory]
    [InlineData("009F691F7F", "9f691f7f")]
    [InlineData("00", "00")]
    [InlineData("01691F7F", "01691f7f")]
    [InlineData("00691F7F", "00691f7f")]
    public void Should_leave_out_a_zero_byte_only_where_it_is_a_sign(string serialNumber, string certNo) => Assert.Equal(certNo, SigningCertificate.CertNoOf(serialNumber));

    [Theory]
    [InlineData(CardKind.Rsa1024, "0123456f")]
    [InlineData(CardKind.Sm2, "030000000000000a")]
    public void Should_be_that_of_the_card(CardKind kind, string certNo) =>
        Assert.Equal(certNo, SigningCertificate.Read(TestCards.Issue(kind, certNo).Certificate.ToArray()).CertNo);
}
