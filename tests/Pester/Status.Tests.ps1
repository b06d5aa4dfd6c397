BeforeAll {
    . $PSScriptRoot/Support.ps1
    $web = Add-FlaskService web
    $null = Add-FlaskService auth
    git -C $web.Folder init --quiet --initial-branch=main
    git -C $web.Folder add app.py config.yaml
    git -C $web.Folder -c user.name=Test -c user.email=test@example.org commit --quiet --message 'The first'
    Start-PyService web
}

AfterAll { Remove-AllServices }

Describe 'Status' {
    It 'tells everything about a running service' {
        $null = Invoke-RestMethod "$($web.Url)/version"
        $status = Get-PyServiceStatus web
        $status | Should -BeOfType ServiceCtl.Contracts.PyServiceStatus
        $status.State | Should -Be 'Running'
        $status.Listening | Should -BeTrue
        $status.Uptime | Should -BeGreaterThan ([timespan]::Zero)
        $status.MemoryBytes | Should -BeGreaterThan 10MB
        $status.ProcessCount | Should -BeGreaterOrEqual 3
        $status.Workers | Should -HaveCount 2
        $status.Workers[0] | Should -BeOfType ServiceCtl.Contracts.WorkerStatus
        $status.Workers.HasApp | Should -Be $true, $true
        ($status.Workers | Measure-Object Requests -Sum).Sum | Should -BeGreaterThan 0
        $status.LogPath | Should -Exist
    }

    It 'tells the commit, the branch, and what was changed since' {
        $revision = (Get-PyServiceStatus web).Revision
        $revision.Commit | Should -Be (git -C $web.Folder rev-parse HEAD)
        $revision.Branch | Should -Be 'main'
        $revision.Subject | Should -Be 'The first'
        $revision.Dirty | Should -BeFalse
        Add-Content (Join-Path $web.Folder 'app.py') '# changed'
        (Get-PyServiceStatus web).Revision.Dirty | Should -BeTrue
    }

    It 'tells what there is of a stopped service' {
        $status = Get-PyServiceStatus auth
        $status.State | Should -Be 'Stopped'
        $status.Listening | Should -BeFalse
        $status.Pid | Should -BeNullOrEmpty
        $status.Revision | Should -BeNullOrEmpty
    }

    It 'asks all of them, in order' {
        (Get-PyServiceStatus).Name | Should -Be 'auth', 'web'
        (Get-PyService | Get-PyServiceStatus).Name | Should -Be 'auth', 'web'
    }

    It 'can be sorted by how long services have been up' {
        Start-PyService auth
        (Get-PyService web).Uptime | Should -BeGreaterThan (Get-PyService auth).Uptime
        (Get-PyService | Sort-Object Uptime).Name | Should -Be 'auth', 'web'
        (Get-PyService | Sort-Object Uptime -Descending).Name | Should -Be 'web', 'auth'
        Stop-PyService auth
    }

    It 'asks more of them than one request can name' {
        $folders = 1..120 | ForEach-Object { (New-FlaskFolder ('many-{0:000}-{1}' -f $_, ('x' * 54))).Folder }
        $folders | Register-PyService
        Get-PyService many-* | Get-PyServiceStatus | Should -HaveCount 120
        Get-PyService many-* | Get-PyServiceAlert -ErrorAction Stop | Should -BeNullOrEmpty
        Get-PyService many-* | Get-PyServiceSchedule -ErrorAction Stop | Should -BeNullOrEmpty
        Get-PyService many-* | Get-PyServiceFailurePolicy -ErrorAction Stop | Should -HaveCount 120
        Get-PyService many-* | Stop-PyService -PassThru | Should -HaveCount 120
    }
}
