BeforeAll {
    . $PSScriptRoot/Support.ps1
    # An agent of its own: logs and events of other tests are none of ours.
    $shared = $env:SERVICECTL_HOME
    $env:SERVICECTL_HOME = Join-Path (Split-Path $shared) 'seeing'
    $web = Add-FlaskService web
    $null = Add-FlaskService auth
    Start-PyService web
    $null = Invoke-RestMethod "$($web.Url)/version"
    Stop-PyService web
    Start-PyService web
}

AfterAll {
    Stop-PyServiceAgent -Force
    $env:SERVICECTL_HOME = $shared
}

Describe 'Get-PyServiceLog' {
    It 'writes typed lines of what a service printed, in order' {
        $lines = Get-PyServiceLog web
        $lines | Should -Not -BeNullOrEmpty
        $lines[0] | Should -BeOfType ServiceCtl.Contracts.LogLine
        $lines.Service | Should -Be (@('web') * $lines.Count)
        $lines.File | Select-Object -Unique | Should -Be (Get-PyServiceStatus web).LogPath
        $lines.Generation | Select-Object -Unique | Should -Be 1, 2
        ($lines | Where-Object Time).Time | Should -Be @(($lines | Where-Object Time).Time | Sort-Object)
        "$($lines[0])" | Should -Be $lines[0].Text
    }

    It 'takes the last ones, those that match, and those of a time' {
        Get-PyServiceLog web -Tail 2 | Should -HaveCount 2
        (Get-PyServiceLog web -Pattern 'get /VERSION' -Tail 5).Text | Should -BeLike '*GET /version*'
        Get-PyServiceLog web -Since 1h | Should -HaveCount (Get-PyServiceLog web).Count
        Get-PyServiceLog web -Since ([timespan]::FromHours(1)) -Tail 1 | Should -HaveCount 1
        Get-PyServiceLog web -Since (Get-Date).AddHours(1) | Should -BeNullOrEmpty
        Get-PyServiceLog web -Until (Get-Date).AddHours(-1) | Should -BeNullOrEmpty
        Get-PyServiceLog web -Source Server | Should -BeNullOrEmpty
    }

    It 'takes services, names and look-alikes from the pipeline, and none twice' {
        $all = @(Get-PyServiceLog web).Count
        Get-PyService web | Get-PyServiceLog | Should -HaveCount $all
        'web', 'web' | Get-PyServiceLog | Should -HaveCount $all
        [pscustomobject]@{ Name = 'web' } | Get-PyServiceLog | Should -HaveCount $all
        Get-PyServiceLog -Exclude web | Should -BeNullOrEmpty
        Get-PyServiceLog [v-x]eb -Tail 1 | Should -HaveCount 1
    }

    It 'streams: the first lines end it, also when it follows' {
        Get-PyServiceLog web -Follow -Tail 3 | Select-Object -First 2 | Should -HaveCount 2
    }

    It 'goes on with what comes' {
        $session = [powershell]::Create().AddScript("Import-Module '$module'; Get-PyServiceLog web -Follow -Tail 0 -Pattern 'GET /fresh' | Select-Object -First 1")
        $running = $session.BeginInvoke()
        foreach ($try in 1..200) {
            $null = Invoke-WebRequest "$($web.Url)/fresh" -SkipHttpErrorCheck
            if ($running.AsyncWaitHandle.WaitOne(100)) { break }
        }
        $session.EndInvoke($running).Text | Should -BeLike '*GET /fresh*'
        $session.Dispose()
    }

    It 'tells names that are not known, and goes on' {
        $outcome = Get-Outcome { Get-PyServiceLog nobody, web -Tail 1 -ErrorAction Continue }
        $outcome.Errors.FullyQualifiedErrorId | Should -Be 'ServiceNotFound,ServiceCtl.Cmdlets.GetPyServiceLogCommand'
        $outcome.Errors.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $outcome.Objects | Should -HaveCount 1
        Get-PyServiceLog no-* | Should -BeNullOrEmpty
    }

    It 'refuses what contradicts itself or can not be understood: <Command>' -ForEach @(
        @{ Command = { Get-PyServiceLog web -Follow -Until 1m }; Id = 'InvalidArgument,*' }
        @{ Command = { Get-PyServiceLog web -Pattern '(' }; Id = 'InvalidArgument,*' }
        @{ Command = { Get-PyServiceLog web -Since yesterdayish }; Id = 'ParameterArgumentTransformationError,*' }
        @{ Command = { Get-PyServiceLog web -Tail -1 }; Id = 'ParameterArgumentValidationError,*' }
    ) {
        (Get-Outcome $Command).Errors[0].FullyQualifiedErrorId | Should -BeLike $Id
    }
}

Describe 'Get-PyServiceEvent' {
    It 'writes typed events, numbered, oldest first' {
        $events = Get-PyServiceEvent web
        $events[0] | Should -BeOfType ServiceCtl.Contracts.ServiceEvent
        $events.Kind | Should -Be 'Started', 'Stopped', 'Started'
        $events.Sequence | Should -Be @($events.Sequence | Sort-Object -Unique)
        Get-PyServiceEvent auth | Should -BeNullOrEmpty
    }

    It 'chooses by kind, number and time, and from the pipeline' {
        (Get-PyServiceEvent -Kind Stopped).Service | Should -Be 'web'
        (Get-PyService web | Get-PyServiceEvent -Tail 1).Kind | Should -Be 'Started'
        Get-PyServiceEvent -Since (Get-Date).AddHours(1) | Should -BeNullOrEmpty
        (Get-Outcome { Get-PyServiceEvent nobody }).Errors.FullyQualifiedErrorId | Should -Be 'ServiceNotFound,ServiceCtl.Cmdlets.GetPyServiceEventCommand'
    }

    It 'tells a refused order with its error' {
        Set-Content (Join-Path (Split-Path $web.Folder) 'auth/app.py') 'import nothing_of_this_name'
        $null = Get-Outcome { Start-PyService auth }
        $refused = Get-PyServiceEvent auth -Kind Refused -Tail 1
        $refused.Error.Advice | Should -Not -BeNullOrEmpty
        $refused.Error.LogLines -join "`n" | Should -BeLike '*nothing_of_this_name*'
    }

    It 'follows' {
        Get-PyServiceEvent -Follow -Tail 2 | Select-Object -First 2 | Should -HaveCount 2
    }
}

Describe 'Show-PyService' {
    It 'says that it needs a terminal where there is none' {
        Invoke-FreshSession -Import 'try { Show-PyService } catch { $_.FullyQualifiedErrorId; $_.ErrorDetails.RecommendedAction }' |
            Should -Be 'InvalidState,ServiceCtl.Cmdlets.ShowPyServiceCommand', 'Use Get-PyServiceStatus.'
    }

    It 'gives the terminal to the live view, and takes it back' {
        $screen = "q" | script --quiet --return --command "export TERM=xterm; stty rows 30 cols 120; '$pwsh' -NoProfile -NonInteractive -Command `"Import-Module '$module'; Show-PyService w*; 'back again'`"" /dev/null
        $screen -join "`n" | Should -Match '(?s)servicectl top .*back again'
    }
}

Describe 'The views' {
    BeforeAll {
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'PlainText'
    }

    AfterAll { $PSStyle.OutputRendering = $rendering }

    It 'show lines and events as tables that stream' {
        $line = [ServiceCtl.Contracts.LogLine]@{ Service = 'web'; Time = '2024-11-24T10:00:00.5'; Text = 'hello' }
        $happened = [ServiceCtl.Contracts.ServiceEvent]@{ Service = 'web'; Time = '2024-11-24T10:00:00'; Kind = 'Crashed'; Message = 'It ended.' }
        ($line | Out-String) -replace ' +', ' ' | Should -BeLike "*Time Service Text*11-24 10:00 web hello*"
        ($happened | Out-String) -replace ' +', ' ' | Should -BeLike '*Time Service Kind Message*11-24 10:00 web Crashed It ended.*'
        ($happened | Format-List | Out-String) | Should -Match 'LastLines'
    }
}
