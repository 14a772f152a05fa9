using Erp.Customs.Module;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;
using Erp.Customs.Module.Upload;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Upload;

/// <summary>重新排队, with whatever engine this build has.</summary>
public class When_a_person_has_a_request_start_over
{
    [Fact]
    public async Task Should_send_the_signed_bytes_again_when_there_are_any()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Faults.Set(Fault.Reply("20000", "上传失败"));
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var rejected = await world.AnswerAsync("SO1", "rejected");

        var answer = await RequeueAsync(world, rejected.SessionId);

        Assert.True(answer.Requeued, answer.Sentence);
        Assert.Contains("原样重发", answer.Sentence, StringComparison.Ordinal);
        var accepted = await world.WaitAsync(rejected.SessionId, "accepted");
        Assert.Equal(2, accepted.Attempts);
        Assert.Single(world.Customs.Log.FindSession(rejected.SessionId)!.PayloadHashes);
    }

    [Fact]
    public async Task Should_make_a_new_message_when_customs_refused_the_old_one_and_the_payment_was_corrected()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Faults.Set(Fault.Reply("20000", "上传失败"));
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var rejected = await world.AnswerAsync("SO1", "rejected");
        var correction = CustomsWorld.Correction("T1", "SO1");
        correction["totalAmount"] = 99.5m;
        using var corrected = await world.SendAsync(HttpMethod.Put, "/customs/api/payments/ningbo/T1", correction);
        Assert.True(corrected.IsSuccessStatusCode);

        var answer = await RequeueAsync(world, rejected.SessionId);

        Assert.True(answer.Requeued, answer.Sentence);
        Assert.Contains("海关已明确退回原报文", answer.Sentence, StringComparison.Ordinal);
        Assert.Contains("kept as evidence", answer.Sentence, StringComparison.Ordinal);
        var accepted = await world.WaitAsync(rejected.SessionId, "accepted");
        Assert.NotEqual(rejected.PayloadSha256, accepted.PayloadSha256);
        Assert.Equal(2, world.Customs.Log.FindSession(rejected.SessionId)!.PayloadHashes.Count);
        Assert.Equal(rejected.PayloadSha256, ((string)(await world.SqlAsync("SELECT hex(payload_sha256) FROM replaced_envelope"))!).ToLowerInvariant());
        Assert.Contains("海关要求；海关已明确退回原报文", (string)(await world.SqlAsync("SELECT reason FROM request_event WHERE actor <> ''"))!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_send_the_old_bytes_while_customs_may_have_them_whatever_was_corrected()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Faults.Set(Fault.CutBeforeAccepting());
        world.Customs.Faults.Set(Fault.Reply("20000", "上传失败"));
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var rejected = await world.AnswerAsync("SO1", "rejected");
        Assert.Equal(2, rejected.Attempts);
        var correction = CustomsWorld.Correction("T1", "SO1");
        correction["totalAmount"] = 99.5m;
        using var corrected = await world.SendAsync(HttpMethod.Put, "/customs/api/payments/ningbo/T1", correction);

        var answer = await RequeueAsync(world, rejected.SessionId);

        Assert.Contains("原样重发", answer.Sentence, StringComparison.Ordinal);
        var accepted = await world.WaitAsync(rejected.SessionId, "accepted");
        Assert.Equal(rejected.PayloadSha256, accepted.PayloadSha256);
        Assert.Equal(0L, await world.SqlAsync("SELECT COUNT(*) FROM replaced_envelope"));
    }

    [Fact]
    public async Task Should_take_a_selection_and_count_what_became_of_it()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.AnswerAsync("SO1");
        world.Customs.Faults.Set(Fault.Reply("20000", "上传失败") with { Times = 2 });
        var rejected = new[] { await world.AnswerAsync("SO1", "rejected"), await world.AnswerAsync("SO1", "rejected") };
        var ids = await world.Modules.Find<RequestTable>()!.IdsAsync(new() { OrderNos = ["SO1"] }, 100, CancellationToken.None);

        var counts = await world.Modules.Find<IUploadRequeue>()!.RequeueAsync([.. ids, 4711], "王五", Words.Of("海关要求", "customs asked"), seenAt: null, CancellationToken.None);

        Assert.Equal((2, 2, 0), (counts.Requeued, counts.Refused, counts.Failed));
        foreach (var status in rejected)
        {
            await world.WaitAsync(status.SessionId, "accepted");
        }
    }

    [Fact]
    public async Task Should_make_a_message_when_there_is_none()
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Deadline"] = "1" });
        var asked = await world.AnswerAsync("SO1", "needs_person");
        Assert.Equal(0, asked.Attempts);

        var answer = await RequeueAsync(world, asked.SessionId);

        Assert.True(answer.Requeued, answer.Sentence);
        Assert.Contains("重新组报文", answer.Sentence, StringComparison.Ordinal);
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.WaitAsync(asked.SessionId, "accepted");
    }

    [Fact]
    public async Task Should_be_refused_with_a_sentence_when_customs_have_it()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var accepted = await world.AnswerAsync("SO1");
        var answer = await RequeueAsync(world, accepted.SessionId);
        Assert.False(answer.Requeued);
        Assert.Contains("海关已受理", answer.Sentence, StringComparison.Ordinal);

        world.Customs.Faults.Set(Fault.CutAfterAccepting());
        var used = await world.AnswerAsync("SO1", "session_used");
        answer = await RequeueAsync(world, used.SessionId);
        Assert.False(answer.Requeued);
        Assert.Contains("会话已使用", answer.Sentence, StringComparison.Ordinal);
        Assert.Equal(1, world.Customs.Log.FindSession(used.SessionId)!.AcceptedCount);

        answer = await world.Modules.Find<IUploadRequeue>()!.RequeueAsync(4711, "王五", "again");
        Assert.False(answer.Requeued);
        await Assert.ThrowsAsync<ArgumentException>(() => world.Modules.Find<IUploadRequeue>()!.RequeueAsync(1, " ", "again"));
    }

    [Fact]
    public async Task Should_write_down_who_it_was()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Faults.Set(Fault.Reply("20000", "上传失败"));
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var rejected = await world.AnswerAsync("SO1", "rejected");
        await RequeueAsync(world, rejected.SessionId);
        Assert.Equal("王五", await world.SqlAsync("SELECT actor FROM request_event WHERE actor <> ''"));
    }

    private static async Task<RequeueAnswer> RequeueAsync(CustomsWorld world, string sessionId)
    {
        var request = (await world.Modules.Find<RequestTable>()!.FindBySessionAsync(sessionId, CancellationToken.None))!;
        return await world.Modules.Find<IUploadRequeue>()!.RequeueAsync(request.Id, "王五", Words.Of("海关要求", "customs asked"));
    }
}
