namespace ServiceCtl.Engine.Containers;

/// <summary>The labels by which the containers of our services are known.</summary>
public static class ContainerLabels
{
    private const string Prefix = "io.servicectl.";

    public const string Service = Prefix + "service";

    /// <summary>The folder of the agent whose service it is: several agents may use one engine.</summary>
    public const string Home = Prefix + "home";

    public const string Generation = Prefix + "generation";

    public const string Instance = Prefix + "instance";

    /// <summary>Pid and start time of the process that keeps it. Once that has ended, nobody owns the container.</summary>
    public const string Keeper = Prefix + "keeper";
}
