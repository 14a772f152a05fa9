using System.Reflection;
using Erp.Customs.Reliability;

namespace Erp.Customs.Tests.Reliability;

/// <summary>The short form of the proof in docs/reliability.md: the same faults, the same judges, less often. Here: the process, its clock, its disk.</summary>
public sealed class When_the_process_breaks : ShortProof
{
    [FaultFact("kills")]
    public Task Should_survive_kills() => HoldsAsync("kills");

    [FaultFact("seams")]
    public Task Should_survive_a_kill_at_each_seam() => HoldsAsync("seams");

    [FaultFact("stops")]
    public Task Should_survive_being_stopped() => HoldsAsync("stops");

    [FaultFact("leases")]
    public Task Should_be_fenced_after_another_took_over() => HoldsAsync("leases");

    [FaultFact("agents")]
    public Task Should_have_every_text_signed_whatever_breaks_between_it_and_its_agents() => HoldsAsync("agents");

    [FaultFact("clock")]
    public Task Should_survive_a_clock_that_jumps() => HoldsAsync("clock");

    [FaultFact("disk")]
    public Task Should_acknowledge_nothing_without_a_row_when_the_disk_is_full() => HoldsAsync("disk");

    [FaultFact("files")]
    public Task Should_survive_a_file_call_that_fails() => HoldsAsync("files");
}

/// <summary>The same. Here: customs and whoever else calls.</summary>
public sealed class When_others_misbehave : ShortProof
{
    [FaultFact("replies")]
    public Task Should_end_each_in_one_state_when_customs_answer_wrongly() => HoldsAsync("replies");

    [FaultFact("equal")]
    public Task Should_make_one_request_of_equal_questions() => HoldsAsync("equal");

    [FaultFact("fuzz")]
    public Task Should_answer_any_bytes_in_its_own_codes() => HoldsAsync("fuzz");

    [FaultFact("slow")]
    public Task Should_serve_honest_callers_beside_slow_ones() => HoldsAsync("slow");

    [FaultFact("tampering")]
    public Task Should_find_each_tampering() => HoldsAsync("tampering");

    [FaultFact("erasures")]
    public Task Should_erase_nothing_early_and_leave_nothing_due_when_it_is_killed_while_it_erases() => HoldsAsync("erasures");

    [FaultFact("signers")]
    public Task Should_use_no_wrong_signature_and_try_a_PIN_once_when_signers_fail() => HoldsAsync("signers");

    [FaultFact("canaries")]
    public Task Should_print_no_person_and_no_secret() => HoldsAsync("canaries");

    [Fact]
    public void Should_be_put_through_every_fault() => Assert.Equal(
        AllFaults.InOrder.Select(fault => fault.Name).Order(StringComparer.Ordinal),
        typeof(ShortProof).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Select(method => method.GetCustomAttribute<FaultFactAttribute>()?.Fault).OfType<string>().Order(StringComparer.Ordinal));
}

/// <summary>Runs a fault in its short form.</summary>
public abstract class ShortProof
{
    private protected static async Task HoldsAsync(string name)
    {
        var fault = FaultFactAttribute.Find(name);
        var folder = Directory.CreateTempSubdirectory("erp-customs-reliability-");
        try
        {
            var last = "";
            var finding = await fault.RunAsync(fault.ShortForm, folder.FullName, line => last = line);
            Assert.True(finding.Holds, $"{name}: {finding.Figures}\n{last}");
            Assert.Equal(fault.ShortForm, finding.Count);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

/// <summary>Skipped, with the reason, where the fault cannot be made on this machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FaultFactAttribute : FactAttribute
{
    public FaultFactAttribute(string fault) => (Fault, Skip) = (fault, Find(fault).Absent);

    public string Fault { get; }

    internal static IFault Find(string name) => AllFaults.InOrder.Single(fault => fault.Name == name);
}
