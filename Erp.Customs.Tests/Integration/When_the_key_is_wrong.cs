using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Integration;

public class When_the_key_is_wrong
{
    [Fact]
    public async Task Should_refuse_every_address_and_store_nothing()
    {
        await using var world = await CustomsWorld.StartAsync();
        var addresses = new[]
        {
            (HttpMethod.Post, "/customs/api/payments"), (HttpMethod.Put, "/customs/api/payments/ningbo/T1"), (HttpMethod.Get, "/customs/api/requests/s"),
            (HttpMethod.Get, "/customs/api/orders/SO1"), (HttpMethod.Post, "/customs/api/orders/SO1/test-upload"), (HttpMethod.Get, "/customs/api/nothing-here"),
        };
        foreach (var (method, path) in addresses)
        {
            foreach (var key in new[] { null, "", "wrong", CustomsWorld.Key + " x", CustomsWorld.Key.ToUpperInvariant() })
            {
                using var response = await world.SendAsync(method, path, method == HttpMethod.Get ? null : CustomsWorld.Payment("T1", "SO1"), key);
                Assert.Equal((path, key, 401), (path, key, (int)response.StatusCode));
                Assert.Contains("X-Api-Key", await ApiAnswer.ErrorAsync(response), StringComparison.Ordinal);
            }
        }

        Assert.Equal((0, 0), (await world.PaymentsAsync(), await world.RequestsAsync()));
    }

    [Fact]
    public async Task Should_let_nobody_in_where_no_key_is_configured()
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:ApiKeys:erp"] = null });
        using var response = await world.DeliverAsync(CustomsWorld.Payment("T1", "SO1"));
        Assert.Equal(401, (int)response.StatusCode);
        Assert.Contains("Customs:ApiKeys is empty", world.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_write_down_which_key_corrected()
    {
        const string other = "key-of-the-wms";
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal)
        {
            ["Customs:ApiKeys:wms"] = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(other))),
        });
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        using var response = await world.SendAsync(HttpMethod.Put, "/customs/api/payments/ningbo/T1", CustomsWorld.Correction("T1", "SO1", "SO2"), other);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("wms", await world.SqlAsync("SELECT created_by FROM payment_version WHERE version = 2"));
    }
}
