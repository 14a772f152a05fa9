using Erp.Customs.Module.Storage;

namespace Erp.Customs.Tests.Storage;

public sealed class EnumWordsTests
{
    [Fact]
    public void States_have_the_words_of_the_design()
    {
        Assert.Equal(
            ["received", "waiting_data", "waiting_signer", "signed", "sending", "unknown", "accepted", "rejected", "session_used", "needs_person"],
            Enum.GetValues<RequestState>().Select(RequestStates.Word));
    }

    [Fact]
    public void Every_value_comes_back_from_its_word()
    {
        ComesBack<RequestState>();
        ComesBack<FailureClass>();
        ComesBack<RequestPurpose>();
    }

    [Theory]
    [InlineData("")]
    [InlineData("Received")]
    [InlineData("finished")]
    public void An_unknown_word_is_refused_with_the_known_ones(string word)
    {
        Assert.Contains("known are received, waiting_data", Assert.Throws<FormatException>(() => RequestStates.Parse(word)).Message, StringComparison.Ordinal);
    }

    private static void ComesBack<T>() where T : struct, Enum => Assert.All(Enum.GetValues<T>(), value => Assert.Equal(value, EnumWords<T>.Parse(EnumWords<T>.Word(value))));
}
