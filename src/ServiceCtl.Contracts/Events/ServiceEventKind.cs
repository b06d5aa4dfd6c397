using System.Text.Json.Serialization;

namespace ServiceCtl.Contracts;

public enum ServiceEventKind
{
    Started,
    Stopped,
    Restarted,

    /// <summary>The running server has loaded its code again. Agents and journals call it <c>Reloaded</c>, as those before did.</summary>
    [JsonStringEnumMemberName("Reloaded")]
    HotRestarted,

    /// <summary>An order failed; the service is as the message says.</summary>
    Refused,

    /// <summary>It ended without an order.</summary>
    Crashed,

    /// <summary>It ended too often and is left alone.</summary>
    GaveUp,

    /// <summary>It did not answer its health probe, or its rules for failures say that it is not well.</summary>
    Unhealthy,

    /// <summary>A new agent took it on from one that had died.</summary>
    Adopted,

    /// <summary>Its configuration has changed; the event tells the keys and what they ask for.</summary>
    ConfigChanged,

    /// <summary>Its configuration has changed and is wrong; the service goes on with what it had.</summary>
    ConfigRefused,

    /// <summary>An exception that its code did not catch; see Invoke-Relog for when one of many is reported.</summary>
    Exception,

    /// <summary>
    /// Its server killed a request or a worker, or found one dead, of which one of many is reported as with exceptions; or its rules for
    /// failures want something to be written down.
    /// </summary>
    Incident,

    /// <summary>A release has begun to serve a part of the new connections.</summary>
    CanaryStarted,

    /// <summary>It has served them well, and takes over.</summary>
    CanaryPassed,

    /// <summary>It has not, or was withdrawn; the old release serves all connections again.</summary>
    CanaryFailed,

    /// <summary>Something of its schedule was done.</summary>
    ScheduleRan,

    /// <summary>Something of its schedule went wrong, or was cut off.</summary>
    ScheduleFailed,

    /// <summary>Something of its schedule was not done at its time.</summary>
    ScheduleMissed,

    /// <summary>Worth knowing, and nothing more.</summary>
    Warning,
}
