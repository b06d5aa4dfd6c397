using System.Diagnostics;
using System.Runtime.Versioning;
using ServiceCtl.Client.Api;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Client;

/// <summary>
/// The verbs of the product, by role. Both faces call this and the static members of its verbs. A verb that needs the user's agent finds
/// it, or starts it. All of them throw <see cref="ServiceCtlException"/>; what fails for one service of many is reported in that service's
/// result.
/// </summary>
public sealed class ServiceCtlClient : IDisposable
{
    private readonly AgentConnection _agent;

    /// <param name="agentExecutable">Absolute path of <c>servicectl</c>, which is started as the agent when there is none.</param>
    [SupportedOSPlatform("linux")]
    public ServiceCtlClient(string agentExecutable)
        : this(AgentPaths.ForCurrentUser(), agentExecutable)
    {
    }

    /// <summary>
    /// The same verbs on another host, over one SSH channel that is opened by the first of them and held. What works with files of this
    /// host is refused.
    /// </summary>
    public ServiceCtlClient(PyServiceHost host, string agentExecutable)
        : this(new AgentConnection(host, agentExecutable))
    {
    }

    [SupportedOSPlatform("linux")]
    internal ServiceCtlClient(AgentPaths paths, string agentExecutable)
        : this(new AgentConnection(paths, agentExecutable))
    {
    }

    private ServiceCtlClient(AgentConnection agent)
    {
        _agent = agent;
        Catalog = new CatalogVerbs(_agent);
        Services = new ServiceVerbs(_agent, Catalog);
        Agent = new AgentVerbs(_agent);
        Logs = new LogVerbs(_agent, Catalog);
        Events = new EventVerbs(_agent, Catalog);
        Failures = new FailureVerbs(_agent, Catalog);
        Relog = new RelogVerbs(_agent);
        Tests = new TestVerbs(_agent);
        Configuration = new ConfigurationVerbs(_agent);
        Modules = new ModuleVerbs(_agent);
        Schedules = new ScheduleVerbs(_agent);
        Alerts = new AlertVerbs(_agent);
        Environments = new EnvironmentVerbs(_agent, Services);
        Units = new UnitVerbs(_agent, Services);
        Images = new ImageVerbs(_agent, Catalog);
        Containers = new ContainerVerbs(_agent);
        Manifests = new ManifestVerbs(_agent, Catalog);
        Commands = new CommandVerbs(_agent, Catalog);
        Wrappers = new WrapperVerbs(_agent, Services);
        PowerShell = new PowerShellModule(agent.Executable);
    }

    /// <summary>The version of the product, which is also that of an agent it starts.</summary>
    public static string Version => ProductVersion.Text;

    /// <summary>The host that this is about, as it was asked for; null for this one.</summary>
    public string? HostName => _agent.HostName;

    /// <summary>The version of the command on the other host; null as long as nothing was asked of it, and for this host.</summary>
    public string? HostVersion => _agent.HostVersion;

    /// <summary>Services that the agent knows: listed, registered, ordered to do something.</summary>
    public ServiceVerbs Services { get; }

    /// <summary>Which services this host knows, without an agent.</summary>
    public CatalogVerbs Catalog { get; }

    public AgentVerbs Agent { get; }

    /// <summary>What services print and log.</summary>
    public LogVerbs Logs { get; }

    /// <summary>What has happened to services.</summary>
    public EventVerbs Events { get; }

    /// <summary>What has failed, and the rules by which it is decided what follows.</summary>
    public FailureVerbs Failures { get; }

    /// <summary>Exceptions and errors, sorted out of logs.</summary>
    public RelogVerbs Relog { get; }

    /// <summary>tests.yaml.</summary>
    public TestVerbs Tests { get; }

    public ConfigurationVerbs Configuration { get; }

    /// <summary>Where the modules are that services need.</summary>
    public ModuleVerbs Modules { get; }

    /// <summary>The schedules of services.</summary>
    public ScheduleVerbs Schedules { get; }

    /// <summary>Where alerts go.</summary>
    public AlertVerbs Alerts { get; }

    public EnvironmentVerbs Environments { get; }

    /// <summary>What services are deployed as, on this host.</summary>
    [SupportedOSPlatform("linux")]
    public ReleaseVerbs Releases => field ??= new ReleaseVerbs(_agent, Services);

    /// <summary>Services and the agent as units of the operating system.</summary>
    public UnitVerbs Units { get; }

    /// <summary>Images of services.</summary>
    public ImageVerbs Images { get; }

    /// <summary>Containers of services.</summary>
    public ContainerVerbs Containers { get; }

    /// <summary>Services as files for compose, a swarm or Kubernetes, and made from a compose file.</summary>
    public ManifestVerbs Manifests { get; }

    /// <summary>Commands run as a service would run them.</summary>
    public CommandVerbs Commands { get; }

    public WrapperVerbs Wrappers { get; }

    /// <summary>The module that this installation is a part of.</summary>
    public PowerShellModule PowerShell { get; }

    /// <summary>The live view of another host, in our terminal; null for this host, whose command shows it.</summary>
    /// <exception cref="ServiceCtlException">There is no ssh.</exception>
    public Process? ShowThere(IReadOnlyList<string> names) =>
        _agent.Host is { } host ? HostCommand.Join(host, ["top", .. names], hasTerminal: true) : null;

    public void Dispose()
    {
        Logs.Dispose();
        _agent.Dispose();
    }
}
