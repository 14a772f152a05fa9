using Erp.Customs.Module.Storage;

namespace Erp.Customs.Tests.Storage;

public class PaymentPlaceTests
{
    [Fact]
    public void A_place_is_only_read_from_what_wrote_one()
    {
        Assert.All(new[] { null, "", "1", "1.", ".1", "1.2.3", "1.-2", "a.b", "1. 2", "99999999999999999999.1" }, text => Assert.Null(PaymentPlace.Read(text)));
        Assert.Equal(new PaymentPlace(-5, 7), PaymentPlace.Read("-5.7"));
    }
}
