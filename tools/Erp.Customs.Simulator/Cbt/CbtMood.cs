namespace Erp.Customs.Simulator;

/// <summary>What goes wrong at the Shanghai CBT gateway (<see cref="CbtGateway"/>).</summary>
public enum CbtMood
{
    /// <summary>Nothing.</summary>
    Well,

    /// <summary>ILLEGAL_ARGUMENT, whatever is asked.</summary>
    IllegalArgument,

    /// <summary>HASH_NO_PRIVILEGE, whatever the token.</summary>
    NoPrivilege,

    /// <summary>ILLEGAL_CLIENT_IP, whoever asks.</summary>
    IllegalClientIp,

    /// <summary>SYSTEM_ERROR.</summary>
    SystemError,

    /// <summary>CERT_NO_EXIST: the firm's key is not in its device.</summary>
    NoCertificate,

    /// <summary>A code that the document does not list.</summary>
    UnknownError,

    /// <summary>HTTP 503: it has too much to do.</summary>
    Busy,

    /// <summary>No answer comes, for as long as the caller waits.</summary>
    Hanging,

    /// <summary>Another certificate's number stands beside the signature.</summary>
    OtherCertNo,

    /// <summary>The signature of another text.</summary>
    OtherText,

    /// <summary>The answer to another call, by its serialNumber.</summary>
    OtherSerial,

    /// <summary>What is no JSON.</summary>
    Garbage,

    /// <summary>The connection closes in the middle of the answer.</summary>
    Cut,

    /// <summary>HTTP 307 to another address: who follows it hands the data to a stranger.</summary>
    Redirect,

    /// <summary>An answer of 4 MiB.</summary>
    Endless,
}
