using Erp.Customs.Reliability;
using Erp.Customs.Reliability.Faults;

namespace Erp.Customs.Tests.Reliability;

/// <summary>The short form of the proof in docs/reliability.md: the same faults, the same judges, less often.</summary>
public sealed class When_everything_breaks
{
    public static TheoryData<string> Faults => [.. AllFaults.InOrder.Where(fault => fault is not DiskFull).Select(fault => fault.Name)];

    [SmallDiskFact]
    public Task Should_acknowledge_nothing_without_a_row_when_the_disk_is_full() => Should_lose_nothing_double_nothing_and_claim_nothing_false(new DiskFull().Name);

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Should_lose_nothing_double_nothing_and_claim_nothing_false(string name)
    {
        var fault = AllFaults.InOrder.Single(one => one.Name == name);
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

/// <summary>Skipped, with the reason, where no small disk can be mounted.</summary>
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = new DiskFull().Absent;
}
