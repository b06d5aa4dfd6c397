BeforeAll {
    . $PSScriptRoot/Support.ps1
    $web = New-FlaskFolder web
    $deployed = Join-Path (Split-Path $env:SERVICECTL_HOME) 'deployed'
    Set-Content (Join-Path $web.Folder 'deploy.yaml') "deploy_to: $deployed`nsource: {via: folder}`nstages: {production: {}, careful: {confirm: true, deploy_to: $deployed-2}}"
    Push-Location $web.Folder
}

AfterAll {
    Pop-Location
    Remove-AllServices
}

Describe 'Deploys' {
    It 'makes files for stages, and leaves alone what is there' {
        (Initialize-PyServiceStage qa -WhatIf) | Should -BeNullOrEmpty
        Join-Path $web.Folder 'deploy.qa.yaml' | Should -Not -Exist
        (Initialize-PyServiceStage qa).Name | Should -Be 'deploy.qa.yaml'
        Initialize-PyServiceStage qa | Should -BeNullOrEmpty
        (Get-PyServiceStage).Stage | Should -Be 'careful', 'production', 'qa'
        (Get-PyServiceStage p*).DeployTo | Should -Be $deployed
        (Get-Outcome { Get-PyServiceStage nowhere }).Errors.FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
    }

    It 'plans without a change' {
        $plan = Publish-PyService production -WhatIf
        $plan | Should -BeOfType ([ServiceCtl.Contracts.PyServiceDeployPlan])
        $plan.Problems | Should -BeNullOrEmpty
        $deployed | Should -Not -Exist
        Test-PyServiceStage production -Quiet | Should -BeTrue
    }

    It 'deploys, refuses what is broken, and goes back and forth' {
        $first = Publish-PyService production
        $first | Should -BeOfType ([ServiceCtl.Contracts.PyServiceDeployment])
        $first.Release.State | Should -Be Current
        $first.Steps | ForEach-Object { $_ | Should -BeOfType ([ServiceCtl.Contracts.PyServiceDeployStep]) }
        (Get-PyService web).Path | Should -Be (Join-Path $deployed 'current')

        $app = Get-Content (Join-Path $web.Folder 'app.py') -Raw
        Set-Content (Join-Path $web.Folder 'app.py') 'raise RuntimeError("half-written")'
        $outcome = Get-Outcome { Publish-PyService production }
        $outcome.Errors.FullyQualifiedErrorId | Should -BeLike 'ImportFailed,*'
        (Get-PyServiceRelease production -State Failed).Problem | Should -BeLike '*half-written*'
        Set-Content (Join-Path $web.Folder 'app.py') $app

        $second = Publish-PyService production
        Restore-PyServiceRelease production -WhatIf | Should -BeNullOrEmpty
        (Restore-PyServiceRelease production).Release.Id | Should -Be $first.Release.Id
        (Get-PyServiceRelease production $second.Release.Id).State | Should -Be Restored
        ($second.Release | Restore-PyServiceRelease).Outcome | Should -Be Done
        (Get-PyServiceRelease production).State | Should -Be Current, Failed, Restored

        (Get-Outcome { Remove-PyServiceRelease production $second.Release.Id -Confirm:$false }).Errors.FullyQualifiedErrorId | Should -BeLike 'InvalidState,*'
        Get-PyServiceRelease production -State Failed | Remove-PyServiceRelease -Confirm:$false
        Get-PyServiceRelease production -State Failed | Should -BeNullOrEmpty
        (Get-Outcome { Get-PyServiceRelease production 20000101000000 }).Errors.FullyQualifiedErrorId | Should -BeLike 'ReleaseNotFound,*'
    }

    It 'refuses while the stage is locked, and says why' {
        (Lock-PyServiceStage production 'the database moves' -PassThru).Reason | Should -Be 'the database moves'
        $outcome = Get-Outcome { Publish-PyService production }
        $outcome.Errors.FullyQualifiedErrorId | Should -BeLike 'StageLocked,*'
        $outcome.Errors.ErrorDetails.Message | Should -BeLike '*the database moves'
        $outcome.Errors.ErrorDetails.RecommendedAction | Should -BeLike '*Unlock-PyServiceStage production*'
        (Get-PyServiceStage production).Lock | Should -BeOfType ([ServiceCtl.Contracts.PyServiceStageLock])
        Unlock-PyServiceStage production
        (Get-PyServiceStage production).Lock | Should -BeNullOrEmpty
    }

    It 'takes -Sudo for hosts only' {
        $commands = { Publish-PyService production -Sudo }, { Test-PyServiceStage production -Sudo },
            { Get-PyServiceRelease production -Sudo }, { Restore-PyServiceRelease production -Sudo },
            { Lock-PyServiceStage production 'audit' -Sudo }, { Unlock-PyServiceStage production -Sudo }
        foreach ($command in $commands) {
            $outcome = Get-Outcome $command
            $outcome.Errors.FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*' -Because "$command is about this host"
        }
    }

    It 'completes stages and releases' {
        (TabExpansion2 'Publish-PyService pro').CompletionMatches.CompletionText | Should -Be production
        $current = (Get-PyServiceRelease production -State Current).Id
        (TabExpansion2 'Restore-PyServiceRelease production 2').CompletionMatches.CompletionText | Should -Contain $current
    }
}
