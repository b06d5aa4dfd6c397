using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Unit.Hosts;

/// <summary>A record of another host says which one, and so does what is inside it.</summary>
public sealed class HostStampTests
{
    private static readonly PyServiceFailure Failure = new()
    {
        Time = default,
        Service = "web",
        Event = PyServiceFailureEvent.Failed,
        Cause = "exit code 1",
        Action = "restart",
    };

    [Fact]
    public void The_failure_and_the_modules_of_a_status_are_of_its_host()
    {
        var status = new PyServiceStatus
        {
            Name = "web",
            State = ServiceState.Failed,
            Runner = "command",
            Path = "/srv/web",
            ConfigPath = "/srv/web/config.yaml",
            Failure = Failure,
            Modules = [new PyServiceModuleAddress { Service = "web", Module = "billing" }],
        };

        var one = HostStamp.Of(status, "far");
        var listed = HostStamp.Of<IReadOnlyList<PyServiceStatus>>([status], "far");

        Assert.All([one, .. listed], stamped => Assert.Equal(
            ("far", "far", "far"), (stamped.HostName, stamped.Failure?.HostName, stamped.Modules[0].HostName)));
    }

    [Fact]
    public void The_failure_and_the_error_of_an_event_are_of_its_host()
    {
        var happened = new ServiceEvent
        {
            Time = default,
            Service = "web",
            Kind = ServiceEventKind.Crashed,
            Message = "web ended.",
            Failure = Failure,
            Error = new ErrorReport { Code = ErrorCode.ExitedEarly, Message = "web ended." },
        };

        var stamped = HostStamp.Of(happened, "far");

        Assert.Equal(("far", "far", "far"), (stamped.HostName, stamped.Failure?.HostName, stamped.Error?.HostName));
    }

    [Fact]
    public void Of_this_host_nothing_is_said() => Assert.Null(HostStamp.Of(Failure, null).HostName);
}
