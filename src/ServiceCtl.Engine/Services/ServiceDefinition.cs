namespace ServiceCtl.Engine.Services;

/// <summary>What a service's configuration says, typed and with absolute paths. Made by <see cref="ServiceDefinitionReader"/>.</summary>
public sealed record ServiceDefinition
{
    public required string Name { get; init; }

    /// <summary>The service's folder: where its configuration is.</summary>
    public required string Folder { get; init; }

    public required string ConfigPath { get; init; }

    /// <summary>How it is launched; the words are those of <c>service.runner</c>.</summary>
    public required string Runner { get; init; }

    /// <summary>The application, as <c>module:callable</c>, where the server's own section does not name it.</summary>
    public string? App { get; init; }

    public ListenAddress? Listen { get; init; }

    /// <summary>Folder of its virtualenv; null for the system's Python.</summary>
    public string? VirtualEnvironment { get; init; }

    /// <summary>Where the main process's pid is to be written.</summary>
    public string? PidFile { get; init; }

    public IReadOnlyList<string> DirectoriesToCreate { get; init; } = [];

    /// <summary>Cleared after each stop: files are removed, folders emptied but kept.</summary>
    public IReadOnlyList<string> PathsToDelete { get; init; } = [];

    /// <summary>Variables of the service's own, above the few that every service gets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public ReadinessRule Ready { get; init; } = new();

    public StopRule Stop { get; init; } = new();

    /// <summary>The <c>uwsgi:</c> section.</summary>
    public UwsgiSection Uwsgi { get; init; } = new();
}
