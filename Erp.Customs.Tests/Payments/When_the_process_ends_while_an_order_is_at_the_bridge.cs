using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Payments;

public class When_the_process_ends_while_an_order_is_at_the_bridge
{
    [Theory]
    [InlineData("UPDATE bridge_order SET state = 'pending', lease_until = 9999999999999, lease_boot = 0, taken_code = NULL, taken_exchange_id = NULL, next_attempt_at = created_at; UPDATE bridge_exchange SET ended_at = NULL, arrival = 'perhaps', reply = X'', code = NULL", "9905")]
    [InlineData("UPDATE bridge_order SET next_attempt_at = created_at", "0000")]
    public async Task Should_go_on_from_the_table(string asItStood, string lastPush)
    {
        var folder = Directory.CreateTempSubdirectory("erp-customs-");
        try
        {
            await using (var world = await CustomsWorld.StartAsync(folder: folder.FullName))
            {
                world.Customs.Bridge.PollsUntilPaid = 1000;
                await world.PushedAsync(CustomsWorld.Push("SO1"));
                await world.WaitForPushAsync("SO1", "pushed");
            }

            var file = Directory.GetFiles(folder.FullName, "customs.db", SearchOption.AllDirectories).Single();
            await Storage.SqliteEngine.TamperAsync(file, asItStood);
            await using var again = await CustomsWorld.StartAsync(folder: folder.FullName);
            await again.WaitForPushAsync("SO1", status => status.Archived is not null);

            Assert.Equal(lastPush, again.Customs.Bridge.LinesOf("SO1", "PushOrder")[^1].Code);
            Assert.DoesNotContain("existed_before", (await again.Services.FindPushAsync("SO1", null, default))!.Flags);
            await again.AnswerAsync("SO1");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Should_archive_what_was_paid_and_not_archived_yet()
    {
        var folder = Directory.CreateTempSubdirectory("erp-customs-");
        try
        {
            await using (var world = await CustomsWorld.StartAsync(folder: folder.FullName))
            {
                await world.PushedAsync(CustomsWorld.Push("SO1"));
                await world.PaidAsync("SO1");
            }

            var file = Directory.GetFiles(folder.FullName, "customs.db", SearchOption.AllDirectories).Single();
            await Storage.SqliteEngine.TamperAsync(file, "UPDATE bridge_order SET archived = NULL, next_attempt_at = created_at");
            await using var again = await CustomsWorld.StartAsync(folder: folder.FullName);

            Assert.Equal("bridge", (await again.WaitForPushAsync("SO1", status => status.Archived is not null)).Archived);
            Assert.Equal(1, (await again.Services.FindOrderAsync("SO1", null, default))!.PaymentVersion);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
