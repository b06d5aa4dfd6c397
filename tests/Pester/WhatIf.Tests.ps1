BeforeAll {
    . $PSScriptRoot/Support.ps1
    $null = Add-FlaskService web
    $null = Add-FlaskService auth
    $new = New-FlaskFolder new
    Start-PyService web
}

AfterAll { Remove-AllServices }

Describe '-WhatIf' {
    BeforeAll {
        $before = Get-PyService | Select-Object * -ExcludeProperty Uptime | ConvertTo-Json
        $agent = (Get-PyServiceAgent).Pid
        # The host writes these lines; no stream of the session that asks has them.
        $said = Invoke-FreshSession -Import "
            Start-PyService * -WhatIf -PassThru
            Get-PyService | Stop-PyService -WhatIf
            Restart-PyService web -WhatIf
            'web', 'auth' | Restart-PyService -Hot -WhatIf
            Unregister-PyService * -WhatIf
            Unregister-PyService web -Force -WhatIf
            Enable-PyService web -WhatIf -PassThru
            Disable-PyService web -WhatIf
            Register-PyService '$($new.Folder)' -WhatIf -PassThru
            Start-PyServiceAgent -WhatIf -PassThru
            Restart-PyServiceAgent -WhatIf
            Stop-PyServiceAgent -WhatIf
            Stop-PyServiceAgent -Force -WhatIf"
    }

    It 'names what would be done, item by item' {
        $said | Should -Be @(
            'What if: Performing the operation "Start and wait until it is ready" on target "auth".'
            'What if: Performing the operation "Start and wait until it is ready" on target "web".'
            'What if: Performing the operation "Finish its requests and stop" on target "auth".'
            'What if: Performing the operation "Finish its requests and stop" on target "web".'
            'What if: Performing the operation "Replace its processes by new ones" on target "web".'
            'What if: Performing the operation "Reload its code in the running server" on target "web".'
            'What if: Performing the operation "Reload its code in the running server" on target "auth".'
            'What if: Performing the operation "Forget it (its files stay)" on target "auth".'
            'What if: Performing the operation "Forget it (its files stay)" on target "web".'
            'What if: Performing the operation "Stop it and forget it (its files stay)" on target "web".'
            'What if: Performing the operation "Start at every boot" on target "web".'
            'What if: Performing the operation "Start no longer at boot" on target "web".'
            "What if: Performing the operation `"Register as a service`" on target `"$($new.Folder)`"."
            'What if: Performing the operation "Start" on target "agent".'
            'What if: Performing the operation "Replace by one of this version, and leave the services running" on target "agent".'
            'What if: Performing the operation "Stop" on target "agent".'
            'What if: Performing the operation "Stop all services and the agent" on target "agent".'
        )
    }

    It 'changes nothing' {
        Get-PyService | Select-Object * -ExcludeProperty Uptime | ConvertTo-Json | Should -Be $before
        (Get-PyServiceAgent).Pid | Should -Be $agent
    }

    It 'is there for everything that changes something, and for nothing else' {
        (Get-Command -Module ServiceCtl | Where-Object { $_.Parameters.ContainsKey('WhatIf') }).Name | Should -Be @(
            'Add-PyServiceChange', 'Build-PyServiceImage', 'Build-PyServicePackage', 'Copy-PyServiceImage', 'Disable-PyService', 'Enable-PyService', 'Export-PyServiceManifest', 'Export-PyServiceUnit', 'Export-PyServiceWheel', 'Import-PyService', 'Initialize-PyServiceEnvironment', 'Initialize-PyServiceStage', 'Install-PyServiceHost', 'Invoke-PyServiceSchedule', 'Invoke-Relog', 'Lock-PyServiceStage', 'New-PyServiceConfig', 'New-PyServiceImageFile', 'New-PyServiceProject',
            'New-PyServiceWrapper', 'Publish-PyService', 'Publish-PyServiceImage', 'Publish-PyServicePackage', 'Register-PyService', 'Remove-PyServiceContainer', 'Remove-PyServiceRelease', 'Restart-PyService', 'Restart-PyServiceAgent', 'Restore-PyServiceRelease', 'Set-PyServiceConfig', 'Set-PyServiceModuleAddress', 'Start-PyService', 'Start-PyServiceAgent', 'Step-PyServiceVersion', 'Stop-PyService', 'Stop-PyServiceAgent', 'Unlock-PyServiceStage', 'Unregister-PyService', 'Update-PyServiceProject')
    }
}
