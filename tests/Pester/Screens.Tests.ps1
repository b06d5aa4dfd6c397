<#
    What people see, at 80 and at 200 columns: Screens/<view>-<width>.txt are the approved screens. What was received is written to output/screens;
    a change that is meant is approved by copying it over.
#>
BeforeDiscovery {
    $screens = foreach ($view in 'services', 'statuses', 'logs', 'events', 'event-list', 'agent', 'workers', 'checks', 'settings', 'tests', 'host') {
        foreach ($width in 80, 200) { @{ View = $view; Width = $width } }
    }
    [xml] $views = Get-Content (Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'output/ServiceCtl/ServiceCtl.Format.ps1xml')
    $labels = foreach ($view in $views.Configuration.ViewDefinitions.View | Where-Object TableControl) {
        $type = @($view.ViewSelectedBy.TypeName)[0]
        # A rate, and the line above a group, are not of one property.
        foreach ($label in @($view.TableControl.TableHeaders.TableColumnHeader.Label | Where-Object { $_ -and $_ -ne 'MB/s' })) {
            @{ Type = $type -replace '#.*'; Label = $label }
        }
    }
}

BeforeAll {
    . $PSScriptRoot/Support.ps1
    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'
    $received = Join-Path $root 'output/screens'
    $null = New-Item -ItemType Directory $received -Force

    $since = [datetimeoffset]::Now.AddHours(-50).AddSeconds(-5)
    $at = [datetimeoffset]::new([datetime]'2024-02-03T10:20:30.45', [timespan]::Zero)
    $why = "billing-worker-eu-1 ended before it was ready (exit code 22, pid 4711). /srv/billing/app.py, line 12: RuntimeError: not today"
    $basics = @{ Runner = 'uwsgi'; Path = '/srv/x'; ConfigPath = '/srv/x/config.yaml' }
    $running = @{ Name = 'web'; State = 'Running'; Pid = 4242; StartedAt = $since; Listen = '127.0.0.1:8001' }
    $failed = @{ Name = 'billing-worker-eu-1'; State = 'Failed'; Listen = '127.0.0.1:8002'; Problem = $why }
    $workers = [ServiceCtl.Contracts.WorkerStatus[]] @(
        [ServiceCtl.Contracts.WorkerStatus]@{ Id = 1; Pid = 4243; Status = 'idle'; HasApp = $true; Requests = 1200; Exceptions = 3; AverageResponseTime = '00:00:00.0123'; Respawns = 1 }
        [ServiceCtl.Contracts.WorkerStatus]@{ Id = 2; Pid = 4244; Status = 'busy'; HasApp = $true; Requests = 900; Exceptions = 0; AverageResponseTime = '00:00:00.2'; Respawns = 0 }
    )
    $traceback = 'Traceback (most recent call last):', '  File "/srv/billing/app.py", line 12, in <module>', '    raise RuntimeError("not today")', 'RuntimeError: not today'
    $refused = [ServiceCtl.Contracts.ServiceEvent]@{
        Sequence = 7; Time = $at; Service = 'billing-worker-eu-1'; Kind = 'Refused'; Message = $why
        Error = [ServiceCtl.Contracts.ErrorReport]@{ Code = 'ExitedEarly'; Message = $why; Advice = "The code can't be imported; the traceback says where."; LogLines = [string[]] $traceback }
    }
    $problem = [ServiceCtl.Contracts.ConfigurationProblem]@{ Source = '/srv/web/config.yaml'; Line = 2; Column = 13; Key = 'local_port'; Message = 'local_port is 70000; it must be a port, 1 to 65535.' }

    $objects = @{
        services = { [ServiceCtl.Contracts.PyService]($running + $basics), [ServiceCtl.Contracts.PyService]($failed + $basics) }
        statuses = {
            [ServiceCtl.Contracts.PyServiceStatus]($running + $basics + @{
                    Uptime = '2.02:00:05'; MemoryBytes = 44.5MB; Workers = $workers; Revision = [ServiceCtl.Contracts.GitRevision]@{ Commit = '0123456789abcdef'; Branch = 'main'; Dirty = $true }
                }) | Format-Table
            [ServiceCtl.Contracts.PyServiceStatus]($failed + $basics) | Format-Table
        }
        logs = {
            [ServiceCtl.Contracts.LogLine]@{ Service = 'web'; Time = $at; Text = '[pid: 4243|app: 0|req: 1/1] 127.0.0.1 () {28 vars in 300 bytes} GET /ping => generated 14 bytes in 2 msecs' }
            [ServiceCtl.Contracts.LogLine]@{ Service = 'billing-worker-eu-1'; Time = $at; Text = 'ValueError: no such invoice' }
        }
        events = { [ServiceCtl.Contracts.ServiceEvent]@{ Sequence = 6; Time = $at; Service = 'web'; Kind = 'ConfigRefused'; Message = 'The configuration of web is wrong.' }, $refused }
        'event-list' = { $refused | Format-List }
        agent = { [ServiceCtl.Contracts.AgentInfo]@{ Pid = 17; Version = '0.2.0'; StartedAt = $since; Socket = '/run/servicectl/agent.sock'; LogPath = '/var/lib/servicectl/agent.log'; User = 'root'; Services = 5; Running = 2 } }
        workers = { $workers }
        checks = {
            [ServiceCtl.Contracts.ServiceConfigCheck]@{ Service = 'web'; ConfigPath = '/srv/web/config.yaml'; IsValid = $false; Problems = [ServiceCtl.Contracts.ConfigurationProblem[]] $problem }
            [ServiceCtl.Contracts.ServiceConfigCheck]@{ Service = 'billing-worker-eu-1'; ConfigPath = '/srv/billing/config.yaml'; IsValid = $true }
        }
        settings = {
            [ServiceCtl.Contracts.ServiceSetting]@{ Service = 'web'; Key = 'local_port'; Value = 8001; Text = '8001'; Source = '/srv/web/config.yaml'; Line = 3; Column = 13; Place = '/srv/web/config.yaml:3:13' }
            [ServiceCtl.Contracts.ServiceSetting]@{ Service = 'web'; Key = 'service.stop.timeout'; Value = [timespan]'0:0:5'; Text = '5s'; Source = 'default'; Place = 'default'; IsDefault = $true }
        }
        tests = {
            [ServiceCtl.Contracts.PyServiceTestResult]@{ Service = 'web'; Name = 'answers'; Kind = 'Integration'; Outcome = 'Passed'; Critical = $true; Duration = '00:00:00.012'; Place = 'tests.yaml:3' }
            [ServiceCtl.Contracts.PyServiceTestResult]@{ Service = 'web'; Name = 'adds'; Kind = 'Unit'; Outcome = 'Failed'; Critical = $false; Duration = '00:00:00.4'; Place = 'tests.yaml:9'; Differences = [string[]] 'result: expected 3, got 4' }
        }
        host = { [ServiceCtl.Contracts.HostCheck]@{ Name = 'uwsgi'; Outcome = 'Failed'; Message = 'uWSGI is not installed.'; Advice = 'Install the packages uwsgi-core and uwsgi-plugin-python3.' } }
    }
}

AfterAll { $PSStyle.OutputRendering = $rendering }

Describe 'The screen of <View>' -ForEach $screens {
    It 'is the approved one at <Width> columns' {
        $lines = @((& $objects[$View] | Out-String -Width $Width) -split "`n" | ForEach-Object { $_.TrimEnd() })
        $lines | Where-Object Length -gt $Width | Should -BeNullOrEmpty
        $file = "$View-$Width.txt"
        Set-Content (Join-Path $received $file) $lines
        (Get-Content (Join-Path $PSScriptRoot "Screens/$file") -Raw -ErrorAction Ignore) | Should -BeExactly (($lines -join "`n") + "`n")
    }
}

Describe 'A column' {
    It 'shows a property: <Label> of <Type>' -ForEach $labels {
        $it = [System.Runtime.CompilerServices.RuntimeHelpers]::GetUninitializedObject(([ServiceCtl.Contracts.PyService].Assembly.GetType($Type, $true)))
        ([psobject] $it).PSObject.Properties.Name | Should -Contain $Label
    }
}
