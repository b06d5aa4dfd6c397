using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Engine.Manifests.Importing;

/// <summary>What a service of a compose file may use and do; and all that is not carried over.</summary>
internal sealed class ComposeLimits(ImportedService service, ComposeValues values, ProblemList warnings)
{
    public void Read(ConfigEntry entry)
    {
        switch (entry.Key)
        {
            case "mem_limit":
                service.Memory = values.Size(entry);
                break;
            case "cpus":
                service.CpuPercent = values.Number(entry) * 100;
                break;
            case "pids_limit":
                service.Processes = entry.Value is ConfigScalar { Text: "-1" } ? null : values.Count(entry);
                break;
            case "ulimits":
                ReadUserLimits(entry);
                break;
            case "cap_add":
                service.Capabilities = [.. values.Texts(entry).Select(Capability).OfType<string>()];
                break;
            case "cap_drop":
                // All are dropped that nothing asks for.
                break;
            case "security_opt":
                ReadSecurity(entry);
                break;
            case "deploy":
                foreach (var part in values.Mapping(entry)?.Entries ?? [])
                    ReadDeploy(part);
                break;
            default:
                Skip(entry, AdviceOn(entry.Key));
                break;
        }
    }

    private void ReadDeploy(ConfigEntry part)
    {
        switch (part.Key)
        {
            case "replicas":
                service.Instances = values.Count(part) ?? 1;
                break;
            case "restart_policy":
                service.Restart = (part.Value as ConfigMapping)?.Find("condition")?.ToString() switch
                {
                    "none" => "never",
                    "on-failure" => "on-failure",
                    _ => service.Restart,
                };
                break;
            case "resources":
                foreach (var kind in values.Mapping(part)?.Entries ?? [])
                {
                    if (kind.Key == "limits")
                        ReadResources(kind);
                    else
                        Skip(kind, "Nothing is set aside for a service; `service.limits` says what it gets at most.");
                }

                break;
            case "update_config" or "rollback_config":
                // An agent starts the new before it ends the old wherever both can be, and keeps the old where the new fails.
                break;
            default:
                Skip(part, "It is for a swarm.");
                break;
        }
    }

    private void ReadResources(ConfigEntry limits)
    {
        foreach (var limit in values.Mapping(limits)?.Entries ?? [])
        {
            switch (limit.Key)
            {
                case "cpus":
                    service.CpuPercent = values.Number(limit) * 100;
                    break;
                case "memory":
                    service.Memory = values.Size(limit);
                    break;
                case "pids":
                    service.Processes = values.Count(limit);
                    break;
                default:
                    Skip(limit, "`service.limits` knows memory, cpu, open_files and processes.");
                    break;
            }
        }
    }

    private void ReadUserLimits(ConfigEntry entry)
    {
        foreach (var limit in values.Mapping(entry)?.Entries ?? [])
        {
            var count = limit.Value is ConfigMapping both ? both.Entry("hard") ?? both.Entry("soft") : limit;
            if (limit.Key == "nofile" && count is not null)
                service.OpenFiles = values.Count(count);
            else
                Skip(limit, "`service.limits.open_files` and `service.limits.processes` are limits of that kind.");
        }
    }

    private void ReadSecurity(ConfigEntry entry)
    {
        foreach (var (option, origin) in values.Texts(entry))
        {
            if (option is "no-new-privileges" or "no-new-privileges:true" or "no-new-privileges=true")
                service.NoNewPrivileges = true;
            else if (option is "no-new-privileges:false" or "no-new-privileges=false")
                service.NoNewPrivileges = false;
            else
                warnings.Add(origin, entry.Key, $"{service.Name}: `{option}` is not carried over.",
                    "`service.sandbox` says what a service may not do.");
        }
    }

    private string? Capability((string Text, Origin Origin) written)
    {
        var name = written.Text.ToLowerInvariant();
        name = name.StartsWith("cap_", StringComparison.Ordinal) ? name[4..] : name;
        if (name == ScopeSandbox.All || Capabilities.Names.Contains(name))
            return name;
        warnings.Add(written.Origin, "cap_add", $"{service.Name}: there is no capability {written.Text}; it is not carried over.",
            "capabilities(7) lists them.");
        return null;
    }

    private void Skip(ConfigEntry entry, string advice) =>
        warnings.Add(entry.KeyOrigin, entry.Key, $"{service.Name}: `{entry.Key}` is not carried over.", advice);

    private static string AdviceOn(string key) => key switch
    {
        "container_name" => "Containers are named after their service.",
        "working_dir" => "Write WORKDIR into the Dockerfile, or have the command change the folder.",
        "logging" => "The agent keeps what a service prints; `service.logs` says how much.",
        "labels" => "ServiceCtl labels its containers by itself.",
        "extends" => "Write out what it takes from the other service, and import again.",
        "profiles" => "Register the services that you want.",
        "external_links" => "Put both into one network by `service.container.network`.",
        "privileged" => "Name the capabilities that it needs by `service.sandbox.capabilities`.",
        "configs" or "volumes_from" => "Mount the files by `service.container.volumes`.",
        "dockerfile" => "A Dockerfile of another name is for the engine's own command; name the image by `image`.",
        _ => "ServiceCtl can't express it.",
    };
}
