BeforeAll {
    . $PSScriptRoot/Support.ps1
    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'
    $started = [datetimeoffset]::Now.AddHours(-50)
    $service = [ServiceCtl.Contracts.PyService]@{
        Name = 'web'; State = 'Running'; Pid = 4242; Generation = 3; StartedAt = $started; Listen = '127.0.0.1:8001'
        Runner = 'uwsgi'; Path = '/srv/web'; ConfigPath = '/srv/web/config.yaml'; HostName = 'web1'
    }
    $stopped = [ServiceCtl.Contracts.PyService]@{
        Name = 'auth'; State = 'Failed'; Runner = 'uwsgi'; Path = '/srv/auth'; ConfigPath = '/srv/auth/config.yaml'; Problem = 'It ended.'
    }
    $worker = [ServiceCtl.Contracts.WorkerStatus]@{
        Id = 1; Pid = 4243; Status = 'idle'; HasApp = $true; Requests = 12; Exceptions = 0; AverageResponseTime = '00:00:00.0123'; Respawns = 1
    }
    $status = [ServiceCtl.Contracts.PyServiceStatus]@{
        Name = 'web'; State = 'Running'; Pid = 4242; StartedAt = $started; Uptime = '2.02:00:00'; Listen = '127.0.0.1:8001'; Listening = $true
        Runner = 'uwsgi'; Path = '/srv/web'; ConfigPath = '/srv/web/config.yaml'; HostName = 'web1'; MemoryBytes = 44.5MB; ProcessCount = 3
        Workers = [ServiceCtl.Contracts.WorkerStatus[]] $worker
        Revision = [ServiceCtl.Contracts.GitRevision]@{ Commit = '0123456789abcdef'; Branch = 'main'; Dirty = $true }
    }
    $agent = [ServiceCtl.Contracts.AgentInfo]@{
        Pid = 17; Version = '0.1.0'; StartedAt = $started; Socket = '/run/servicectl/agent.sock'; LogPath = '/var/lib/servicectl/agent.log'
        User = 'root'; Services = 5; Running = 2
    }

    # The lines of a view, with runs of spaces made one.
    function Show([scriptblock] $Block) {
        (& $Block | Out-String -Width 200) -split "`n" | ForEach-Object { ($_ -replace ' +', ' ').Trim() } | Where-Object { $_ }
    }
}

AfterAll { $PSStyle.OutputRendering = $rendering }

Describe 'Tables' {
    It 'shows services' {
        $lines = Show { $service, $stopped }
        $lines[0] | Should -Be 'Name State Pid Uptime Listen Problem'
        $lines[2] | Should -Be 'web Running 4242 2d 02:00 127.0.0.1:8001'
        $lines[3] | Should -Be 'auth Failed It ended.'
    }

    It 'shows services that crossed a process' {
        $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($stopped))
        (Show { $copy })[0, 2] | Should -Be 'Name State Pid Uptime Listen Problem', 'auth Failed It ended.'
    }

    It 'shows statuses' {
        $lines = Show { $status | Format-Table }
        $lines[0] | Should -Be 'Name State Pid Uptime Workers Memory Problem Listen Revision'
        $lines[2] | Should -Be 'web Running 4242 2d 02:00 1/1 44.5 MB 127.0.0.1:8001 0123456* (main)'
    }

    It 'shows workers' {
        $lines = Show { $worker }
        $lines[0] | Should -Be 'Id Pid Status App Requests Exceptions Average Respawns'
        $lines[2] | Should -Be '1 4243 idle True 12 0 12.3 ms 1'
    }

    It 'shows the agent' {
        $lines = Show { $agent }
        $lines[0] | Should -Be 'Pid Version Uptime User Services Running Socket'
        $lines[2] | Should -Be '17 0.1.0 2d 02:00 root 5 2 /run/servicectl/agent.sock'
    }

    It 'colours the state where the host can show it, and nowhere else' {
        $PSStyle.OutputRendering = 'Ansi'
        $coloured = $service | Out-String -Width 200
        $PSStyle.OutputRendering = 'PlainText'
        $service | Out-String -Width 200 | Should -Not -Match "`e"
        if ($Host.UI.SupportsVirtualTerminal) {
            $coloured | Should -Match ([regex]::Escape("$($PSStyle.Foreground.Green)Running$($PSStyle.Reset)"))
        }
    }
}

Describe 'Lists' {
    It 'has everything about <Title>' -ForEach @(
        @{ Title = 'a service'; Object = { $service } }
        @{ Title = 'a status'; Object = { $status } }
        @{ Title = 'a worker'; Object = { $worker } }
        @{ Title = 'an agent'; Object = { $agent } }
    ) {
        $object = & $Object
        $labels = Show { $object | Format-List } | ForEach-Object { ($_ -split ' :')[0] }
        $labels -replace '^Memory$', 'MemoryBytes' | Sort-Object | Should -Be (@($object.GetType().GetProperties().Name) | Sort-Object)
    }
}

Describe 'What stands for an object' {
    It 'is compared by name' {
        $changed = [ServiceCtl.Contracts.PyService]@{ Name = 'web'; State = 'Failed'; Runner = 'uwsgi'; Path = '/a'; ConfigPath = '/b' }
        $service.PSStandardMembers.DefaultKeyPropertySet.ReferencedPropertyNames | Should -Be 'Name'
        $changed.PSStandardMembers.DefaultDisplayPropertySet.ReferencedPropertyNames | Should -Contain 'Problem'
    }

    It 'is named in text' {
        "$service" | Should -Be 'web'
        "$($status.Revision)" | Should -Be '0123456* (main)'
    }
}
