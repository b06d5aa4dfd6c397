BeforeAll {
    . $PSScriptRoot/Support.ps1
    $null = Add-FlaskService web -Uwsgi "logto: log/uwsgi.log`n  log-date: true"
    $null = Add-FlaskService auth
    $log = Join-Path (Split-Path $env:SERVICECTL_HOME) 'web/log/uwsgi.log'
    $results = Join-Path (Split-Path $log) relog

    # Lines that nobody goes on writing.
    function Add-Exception([int] $Count = 1, [string] $Path = $log) {
        $null = New-Item -ItemType Directory (Split-Path $Path) -Force
        1..$Count | ForEach-Object {
            "[2024-05-01 10:00:00,000] ERROR in app: Exception on /boom [GET]", 'Traceback (most recent call last):', '  File "/srv/app.py", line 3, in boom', 'ValueError: boom', '[2024-05-01 10:00:00,100] INFO in app: -'
        } | Add-Content $Path
        (Get-Item $Path).LastWriteTime = (Get-Date).AddMinutes(-1)
    }
}

AfterAll { Remove-AllServices }

Describe 'Sorting exceptions out of logs' {
    It 'does nothing but say it with -WhatIf' {
        Add-Exception
        Invoke-Relog web -WhatIf | Should -BeNullOrEmpty
        Test-Path $results | Should -BeFalse
    }

    It 'writes one object per type and place, which Where-Object can choose from' {
        Add-Exception 11
        $group = Invoke-Relog | Where-Object Count -gt 10
        $group | Should -HaveCount 1
        $group | Should -BeOfType ServiceCtl.Contracts.RelogGroup
        $group.Service, $group.Type, $group.Place, $group.Request | Should -Be 'web', 'ValueError', '/srv/app.py:3 in boom', 'GET /boom'
        $group.Count | Should -Be 12
        $group.LastSeen | Should -BeOfType DateTimeOffset
        $group.Traceback | Should -Match '(?s)Exception on /boom.*ValueError: boom$'
    }

    It 'doubles nothing, and tells what is new' {
        (Invoke-Relog web).New | Should -Be 0
        Add-Exception 2
        $group = Invoke-Relog web -Group
        $group.Count, $group.New | Should -Be 14, 2
        (Select-String 'Exception on' (Join-Path $results exceptions.log)).Count | Should -Be 14
    }

    It 'reports what it has done with -Report, before the groups where both are wanted' {
        Add-Exception
        $report = Invoke-Relog web -Report
        $report | Should -BeOfType ServiceCtl.Contracts.RelogReport
        $report.LinesProcessed, $report.LinesIgnored, $report.LinesWritten, $report.Exceptions | Should -Be 5, 1, 4, 1
        $report.Folder | Should -Be $results
        (Invoke-Relog web -Report -Group | ForEach-Object { $_.GetType().Name }) | Should -Be 'RelogReport', 'RelogGroup'
    }

    It 'empties the results first when that is wanted, and leaves the log alone' {
        $length = (Get-Item $log).Length
        Invoke-Relog web -EmptyFirst on | Should -BeNullOrEmpty
        (Get-Item (Join-Path $results exceptions.log)).Length | Should -Be 0
        (Get-Item $log).Length | Should -Be $length
    }

    It 'takes services, names and objects with a name from the pipeline' {
        (Get-PyService web | Invoke-Relog -Report).Service | Should -Be 'web'
        ('web', 'auth' | Invoke-Relog -Report).Service | Sort-Object | Should -Be 'auth', 'web'
        ([pscustomobject]@{ Name = 'auth' } | Invoke-Relog -Report).Service | Should -Be 'auth'
        (Invoke-Relog * -Exclude a* -Report).Service | Should -Be 'web'
    }

    It 'tells an unknown service, and a file that can not be read, and goes on' {
        $outcome = Get-Outcome { Invoke-Relog nobody, web -Report -ErrorAction Continue }
        $outcome.Errors[0].FullyQualifiedErrorId | Should -Be 'ServiceNotFound,ServiceCtl.Cmdlets.InvokeRelogCommand'
        $outcome.Objects.Service | Should -Be 'web'

        $folder = Join-Path (Split-Path $env:SERVICECTL_HOME) files
        $null = New-Item -ItemType Directory $folder -Force
        Add-Exception -Path (Join-Path $folder a.log)
        Set-Content (Join-Path $folder b.log.gz) 'this is not gzip'
        $outcome = Get-Outcome { Invoke-Relog -Path "$folder/*" -ErrorAction Continue }
        $outcome.Errors[0].FullyQualifiedErrorId | Should -Be 'System,ServiceCtl.Cmdlets.InvokeRelogCommand'
        $outcome.Errors[0].TargetObject | Should -Be (Join-Path $folder b.log.gz)
        $outcome.Objects.Type | Should -Be 'ValueError'
        Test-Path (Join-Path $folder relog) | Should -BeFalse
    }

    It 'writes results for files only where it is told to' {
        $folder = Join-Path (Split-Path $env:SERVICECTL_HOME) files
        $out = Join-Path $folder out
        Invoke-Relog -Path "$folder/a.log" -Destination $out -WhatIf
        Test-Path $out | Should -BeFalse
        (Invoke-Relog -Path "$folder/a.log" -Destination $out).Count | Should -Be 1
        Get-Content (Join-Path $out exceptions.log) -First 1 | Should -Be '--- [2024-05-01 10:00:00] a.log'
        (Invoke-Relog -Path "$folder/a.log" -Destination $out -Report).LinesProcessed | Should -Be 0
    }
}
