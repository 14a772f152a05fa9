namespace Erp.Customs.Simulator;

/// <summary>What goes wrong at the card or its control (<see cref="EportControl"/>).</summary>
public enum EportMood
{
    /// <summary>Nothing.</summary>
    Well,

    /// <summary>The card is pulled out: 复位读卡器失败, Err:Custom50070.</summary>
    Unplugged,

    /// <summary>The card has another call.</summary>
    Busy,

    /// <summary>No answer comes, for as long as the caller waits.</summary>
    Hanging,

    /// <summary>Another certificate's number stands beside the signature.</summary>
    OtherCertNo,

    /// <summary>The signature of another text: replies were mixed up.</summary>
    OtherText,

    /// <summary>What is no JSON: 数据格式非法.</summary>
    Garbage,

    /// <summary>The socket closes in the middle of the answer.</summary>
    Cut,

    /// <summary>The answer bears another call's id; the right one never comes.</summary>
    OtherId,

    /// <summary>An error in words that nobody knows.</summary>
    Unknown,
}
