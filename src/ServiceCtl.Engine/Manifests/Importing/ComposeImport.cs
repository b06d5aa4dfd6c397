using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Formats.Yaml;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Manifests.Importing;

/// <summary>Makes services of a compose file: a folder with a configuration for each, and nothing over what is there.</summary>
internal static class ComposeImport
{
    /// <summary>Bytes; a longer file is no compose file.</summary>
    private const int LongestFile = 4 << 20;

    /// <summary>In the order in which compose looks for them.</summary>
    public static readonly IReadOnlyList<string> FileNames = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

    /// <summary>The compose file of a folder; null where there is none.</summary>
    public static string? Find(string folder) =>
        FileNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>What would be made.</summary>
    /// <param name="file">Absolute path of the compose file.</param>
    /// <param name="destination">Absolute path of the folder that the services' folders are made in.</param>
    /// <param name="environment">The variables of whoever asks.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>; <see cref="ErrorCode.ConfigInvalid"/> with every
    /// fault.</exception>
    public static IReadOnlyList<(ImportedService Service, IReadOnlyList<ConfigurationProblem> Warnings)> Read(
        string file, string destination, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var folder = Path.GetDirectoryName(file)!;
        var problems = new ProblemList();
        var warnings = new ProblemList();
        var dotEnv = Path.Combine(folder, ".env");
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in File.Exists(dotEnv) ? EnvFileText.Read(Decode(dotEnv).Text) : [])
            values[name] = value;
        foreach (var (name, value) in environment)
            values[name] = value;
        var variables = new ComposeVariables(values, problems, warnings);
        var root = (ConfigMapping)variables.Resolve(ReadRoot(file, problems, cancellation));
        var project = ComposeProject.Of(root, folder, variables, problems, warnings);
        var services = project.Services.Select(entry => Read(project, entry, destination, problems)).ToArray();
        if (problems.Count > 0)
            throw ConfigurationReader.Invalid(problems.Sorted());
        // Warnings about the whole file appear once.
        return [.. services.Select((each, index) => (each.Service,
            index == 0 ? (IReadOnlyList<ConfigurationProblem>)[.. warnings.Sorted(), .. each.Warnings] : each.Warnings))];
    }

    /// <summary>Writes the configurations, all of them or none.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.FileExists"/>: one of the folders has a configuration already;
    /// <see cref="ErrorCode.System"/>.</exception>
    public static void Write(IReadOnlyList<ImportedService> services)
    {
        foreach (var service in services)
        {
            if ((Directory.Exists(service.Folder) ? ServiceSources.FindConfig(service.Folder) : null) is { } there)
            {
                throw new ServiceCtlException(ErrorCode.FileExists, there,
                    $"{there} is there already: {service.Name} would not be the only service of its folder. Nothing was written.",
                    "Import into another folder, with '--destination'.");
            }

            if (Path.Exists(ConfigPathOf(service)))
                throw new ServiceCtlException(ErrorCode.FileExists, ConfigPathOf(service),
                    $"{ConfigPathOf(service)} is there already. Nothing was written.",
                    "Import into another folder, with '--destination'.");
        }

        foreach (var service in services)
        {
            try
            {
                NamedFile.MakeFolder(service.Folder);
                NamedFile.Replace(ConfigPathOf(service), Encoding.UTF8.GetBytes(service.Text(shown: false)),
                    service.HasSecrets ? FileModes.Private : FileModes.Readable);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new ServiceCtlException(ErrorCode.System, service.Folder,
                    $"The configuration of {service.Name} can't be written: {error.Message}",
                    "Check the folder and its permissions.", error);
            }
        }
    }

    public static string ConfigPathOf(ImportedService service) => Path.Combine(service.Folder, "config.yaml");

    private static (ImportedService Service, IReadOnlyList<ConfigurationProblem> Warnings) Read(
        ComposeProject project, ConfigEntry entry, string destination, ProblemList problems)
    {
        var warnings = new ProblemList();
        var service = new ImportedService
        {
            Name = entry.Key,
            Source = entry.KeyOrigin.Place,
            Folder = Path.Combine(destination, entry.Key),
        };
        if (!ServiceName.IsValid(entry.Key))
            problems.Add(entry.KeyOrigin, entry.Key, $"`{entry.Key}` can't be a service's name.", ServiceName.Rule);
        if (entry.Value is ConfigMapping body)
            new ComposeServiceReader(service, project, problems, warnings).Read(body);
        else
            problems.Add(entry.Value.Origin, entry.Key, $"`{entry.Key}` is {entry.Value.Description}, and no service.",
                "Write `image:` or `build:` below it.");
        if (service.Image is null && service.Build is null && entry.Value is ConfigMapping)
            problems.Add(entry.KeyOrigin, entry.Key, $"{entry.Key} has neither an image nor something to build one from.",
                "Write `image:`, or `build:` with a folder of this host.");
        return (service, warnings.Sorted());
    }

    private static ConfigMapping ReadRoot(string file, ProblemList problems, CancellationToken cancellation)
    {
        if (!File.Exists(file))
        {
            throw new ServiceCtlException(ErrorCode.ConfigNotFound, file, $"There is no compose file {file}.",
                $"Name one; in a folder {string.Join(", ", FileNames)} are looked for.");
        }

        try
        {
            return YamlReader.ReadRoot(Decode(file), problems, cancellation);
        }
        catch (MalformedSourceException fault)
        {
            problems.Add(fault.Origin, key: null, fault.Message, fault.Advice);
            throw ConfigurationReader.Invalid(problems.Sorted());
        }
    }

    internal static SourceText Decode(string path)
    {
        try
        {
            return SourceText.Decode(path, UserFiles.ReadAll(user: null, path, LongestFile), Path.GetDirectoryName(path));
        }
        catch (MalformedSourceException fault)
        {
            var problems = new ProblemList();
            problems.Add(fault.Origin, key: null, fault.Message, fault.Advice);
            throw ConfigurationReader.Invalid(problems.Sorted());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(ErrorCode.AccessDenied, path, $"{path} can't be read: {error.Message}",
                "Check the file and its permissions.", error);
        }
    }
}
