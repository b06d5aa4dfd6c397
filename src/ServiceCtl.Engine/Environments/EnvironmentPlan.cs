using System.Security.Cryptography;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Environments;

/// <summary>What a virtualenv is to be made of.</summary>
/// <param name="Service">Whose.</param>
/// <param name="Folder">The service's folder.</param>
/// <param name="Path">What the configuration calls the virtualenv.</param>
/// <param name="Tool">What makes it.</param>
/// <param name="Requirements">What is installed; null for nothing.</param>
/// <param name="Rule">The rest.</param>
/// <param name="Actor">Who makes it, where root has it made for somebody else; null: who asks for it.</param>
internal sealed record EnvironmentPlan(
    string Service, string Folder, string Path, EnvironmentTool Tool, string? Requirements, EnvironmentRule Rule, FileActor? Actor)
{
    private const string Lock = "uv.lock";
    private const string Project = "pyproject.toml";

    private static readonly string[] Includes = ["-r", "--requirement", "-c", "--constraint"];

    /// <summary>
    /// A folder by which the fingerprint calls what is in it: releases whose files say the same have one virtualenv. Null: whole paths.
    /// </summary>
    internal string? Base { get; init; }

    /// <summary>A wheel that is installed beside what the files name; null for none.</summary>
    internal string? Wheel { get; init; }

    /// <summary>The folder in which pip or uv has its cache for this and other virtualenvs; null: where the tool has it anyway.</summary>
    internal string? CacheAbove { get; init; }

    /// <summary>As whom the tools run; null: as whoever asks for it.</summary>
    internal string? User => Actor?.User;

    internal bool IsLock => System.IO.Path.GetFileName(Requirements) == Lock;

    internal bool IsProject => System.IO.Path.GetFileName(Requirements) == Project;

    /// <summary>
    /// Is cordio wanted, by its name alone? Then it is the one of this version, and never what an index has under the same name.
    /// </summary>
    internal bool NeedsCordio => !Rule.Hashes && !IsLock && Requirements is not null
        && (IsProject
            // A project may have its dependencies from the file beside it.
            ? CordioRequirement.IsInProject(Lines(Requirements)) || Need(System.IO.Path.Combine(Folder, "requirements.txt"))
            : Need(Requirements));

    private bool Need(string file) => Files(file, []).Any(one => Lines(one).Any(CordioRequirement.Is));

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: no virtualenv is wanted, or it can't be made of
    /// that.</exception>
    internal static EnvironmentPlan Of(ServiceDefinition definition)
    {
        EnvironmentRule rule = definition.Venv;
        if (definition.VirtualEnvironment is not { } path)
        {
            throw new ServiceCtlException(
                ErrorCode.InvalidArgument, definition.Name, $"{definition.Name} has no virtualenv: it runs with the system's Python.",
                $"Write 'env_directory: venv' into {definition.ConfigPath}.");
        }

        string[] usual = rule.Tool == EnvironmentTool.Uv ? [Lock, "requirements.txt", Project] : ["requirements.txt", Project];
        string? requirements = rule.Requirements ?? usual.Select(name => System.IO.Path.Combine(definition.Folder, name))
            .FirstOrDefault(File.Exists);
        EnvironmentTool tool = rule.Tool ?? (System.IO.Path.GetFileName(requirements) == Lock ? EnvironmentTool.Uv : EnvironmentTool.Venv);
        EnvironmentPlan plan = new(definition.Name, definition.Folder, System.IO.Path.TrimEndingDirectorySeparator(path), tool,
            requirements, rule,
            Environment.IsPrivilegedProcess ? definition.Actor : null);
        if (requirements is not null && !File.Exists(requirements))
            throw plan.Wrong($"There is no file {requirements}.", "Correct service.venv.requirements.");
        if (plan.IsLock && tool != EnvironmentTool.Uv)
            throw plan.Wrong("pip does not read uv.lock.",
                "Write 'service: {venv: {tool: uv}}', or export the lock: 'uv export --output-file requirements.txt'.");
        return rule.Wheels is { } wheels && !Directory.Exists(wheels)
            ? throw plan.Wrong($"There is no folder {wheels} with wheels.", "Correct service.venv.wheels.")
            : plan;
    }

    /// <summary>Is the service's own code a part of it, so that it is good for this very folder alone?</summary>
    internal bool HoldsOwnCode => IsProject || IsLock || (Requirements is not null
        && Lines(Requirements).Any(line => line.TrimStart() is ['.' or '/', ..] || line.Contains("file:", StringComparison.Ordinal)
            || line.TrimStart().StartsWith("-e", StringComparison.Ordinal)
            || line.TrimStart().StartsWith("--editable", StringComparison.Ordinal)));

    /// <summary>What differs as soon as something of it does: interpreter, files with all they include, wheels, settings.</summary>
    internal string Fingerprint(string python)
    {
        StringBuilder text = new();
        text.Append(Tool).Append('\n').Append(python).Append('\n').Append(Rule.Index).Append('\n').Append(Rule.Hashes)
            .Append(Rule.SystemPackages).Append('\n');
        Add(text, Requirements, []);
        if (NeedsCordio)
            text.Append(Convert.ToHexString(SHA256.HashData(CordioWheel.Make()))).Append('\n');
        if (IsLock)
            Add(text, System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Requirements)!, Project), []);
        if (Wheel is not null)
        {
            using FileStream stream = new(UserFiles.OpenRead(Actor, Wheel), FileAccess.Read);
            text.Append(System.IO.Path.GetFileName(Wheel)).Append(' ').Append(Convert.ToHexString(SHA256.HashData(stream))).Append('\n');
        }

        if (Rule.Wheels is { } wheels)
        {
            foreach (FileInfo wheel in UserFiles.Use(Actor, wheels, () => new DirectoryInfo(wheels).GetFiles())
                .OrderBy(file => file.Name, StringComparer.Ordinal))
                text.Append(wheel.Name).Append(' ').Append(wheel.Length).Append(' ')
                    .Append(FileFacts.TimeOf(wheel.FullName).Ticks).Append('\n');
        }

        return Processes.Fingerprint.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private void Add(StringBuilder text, string? file, HashSet<string> seen)
    {
        if (file is null || !seen.Add(file) || !File.Exists(file))
            return;
        text.Append(Base is null ? file : System.IO.Path.GetRelativePath(Base, file)).Append('\n');
        foreach (string line in Lines(file))
        {
            text.Append(line).Append('\n');
            if (IncludedBy(line, file) is { } included)
                Add(text, included, seen);
        }
    }

    /// <summary>A file, and all that it includes.</summary>
    private List<string> Files(string file, List<string> seen)
    {
        if (seen.Contains(file) || !File.Exists(file))
            return seen;
        seen.Add(file);
        foreach (string included in Lines(file).Select(line => IncludedBy(line, file)).OfType<string>().ToArray())
            Files(included, seen);
        return seen;
    }

    private static string? IncludedBy(string line, string file)
    {
        string[] words = line.Split([' ', '\t', '='], 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 2 && Includes.Contains(words[0])
            ? System.IO.Path.GetFullPath(words[1], System.IO.Path.GetDirectoryName(file)!) : null;
    }

    private IEnumerable<string> Lines(string file)
    {
        using StreamReader reader = new(new FileStream(UserFiles.OpenRead(Actor, file), FileAccess.Read));
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private ServiceCtlException Wrong(string message, string advice) => new(ErrorCode.InvalidArgument, Service, message, advice);
}
