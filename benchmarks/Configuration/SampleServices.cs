namespace ServiceCtl.Benchmarks.Configuration;

/// <summary>Folders of services with a configuration as the predecessor's users have it.</summary>
internal sealed class SampleServices : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servicectl-bench-").FullName;

    public SampleServices(int count)
    {
        Folders = [.. Enumerable.Range(0, count).Select(number => Path.Combine(_folder, $"api-{number}"))];
        foreach (var (number, folder) in Folders.Index())
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "config.yaml"), $$"""
                api_directory: &api {{folder}}
                env_directory: !join [*api, /env]
                pid_file: !join [*api, /tmp/master.pid]
                TMP_DIR: !join [*api, /tmp]
                directories_to_create: [tmp, log]
                paths_to_delete: [tmp]
                env_vars: [DEBUG, SECRET_KEY]
                SERVICE_NAME: api-{{number}}
                SERVICE_ID: api-{{number}}-1
                TAGS: [a, b]
                SERVER_PORT: {{8000 + number}}
                local_ip: 127.0.0.1
                local_port: {{8000 + number}}
                RELOG_FILES: .*\.log
                DELETE_LOGS_DAYS: 7
                DEBUG: 0
                SECRET_KEY: something
                uwsgi:
                  config_file: tmp/uwsgi.ini
                  http: :{{8000 + number}}
                  module: app:app
                  master: true
                  processes: 2
                service:
                  ready: {http: /ping, timeout: 30s}
                  stop: {timeout: 5s}
                """);
        }
    }

    public IReadOnlyList<string> Folders { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
