BeforeAll {
    . $PSScriptRoot/Support.ps1
    $web = Add-FlaskService web -App @'

import checks
from flask import request

@app.post('/')
def answer():
    call = request.get_json()
    return {'jsonrpc': '2.0', 'id': call['id'], 'result': call['method'], **({'token': call['token']} if 'token' in call else {})}
'@
    Set-Content (Join-Path $web.Folder 'checks.py') "def good():`n    print('said')`n    return True`n`ndef bad():`n    return False`n`ndef slow():`n    import time`n    time.sleep(60)"
    function Set-Tests([string] $Text) { Set-Content (Join-Path $web.Folder 'tests.yaml') $Text }
    Start-PyService web
}

AfterAll { Remove-AllServices }

Describe 'Test-PyService' {
    BeforeEach {
        Set-Tests @'
integration:
  - {name: echo, request: '{"method": "ping"}', expected: '{"result": "ping"}'}
unit:
  - {name: good, from: checks, import: good}
  - {name: bad, from: checks, import: bad, critical: false}
'@
    }

    It 'writes typed results in the order of the file, and warns of what is not critical' {
        $outcome = Get-Outcome { Test-PyService web -WarningVariable warnings -WarningAction SilentlyContinue }

        $outcome.Errors | Should -BeNullOrEmpty
        $outcome.Objects | ForEach-Object { $_ | Should -BeOfType ([ServiceCtl.Contracts.PyServiceTestResult]) }
        $outcome.Objects.Name | Should -Be 'echo', 'good', 'bad'
        $outcome.Objects.Outcome | Should -Be 'Passed', 'Passed', 'Failed'
        $outcome.Objects[1].Output | Should -Be 'said'
        $outcome.Objects[0].Output | Should -BeNullOrEmpty
    }

    It 'makes an error of a critical failure, after all results' {
        Set-Tests "unit:`n  - {name: bad, from: checks, import: bad}`n  - {name: good, from: checks, import: good}"

        $outcome = Get-Outcome { Test-PyService web }

        $outcome.Objects.Count | Should -Be 2
        $outcome.Errors.FullyQualifiedErrorId | Should -Be 'TestFailed,ServiceCtl.Cmdlets.TestPyServiceCommand'
        $outcome.Errors[0].TargetObject.Name | Should -Be 'bad'
        $outcome.Errors[0] | Should -Match 'It returned false, not true'
    }

    It 'takes services by name, pattern, object and property' {
        (Test-PyService web -TestName good).Name | Should -Be 'good'
        (Test-PyService we* -TestName go*).Name | Should -Be 'good'
        (Get-PyService web | Test-PyService -TestName good).Name | Should -Be 'good'
        ([pscustomobject]@{ Name = 'web' } | Test-PyService -TestName good).Name | Should -Be 'good'
        (Get-Outcome { Test-PyService nobody }).Errors.FullyQualifiedErrorId | Should -BeLike 'ServiceNotFound,*'
    }

    It 'ends what takes too long' {
        Set-Tests "unit: [{name: slow, from: checks, import: slow, critical: false}]"

        $result = Test-PyService web -TimeoutSec 0.5 -WarningAction SilentlyContinue

        $result.Message | Should -BeLike 'Not done within 0.5 s*'
    }

    It 'tells a fault of the file with its place' {
        Set-Tests "unit:`n  - {name: good, form: checks, import: good}"

        $outcome = Get-Outcome { Test-PyService web }

        $outcome.Errors.FullyQualifiedErrorId | Should -BeLike 'ConfigInvalid,*'
        $outcome.Errors[0] | Should -Match 'tests.yaml:2:18'
        $outcome.Errors[0].ErrorDetails.RecommendedAction | Should -Match 'from'
    }

    It 'writes JUnit XML beside the results' {
        $path = Join-Path $web.Folder 'results.xml'

        Push-Location $web.Folder
        try { $null = Test-PyService web -OutputPath results.xml -WarningAction SilentlyContinue } finally { Pop-Location }

        ([xml](Get-Content $path -Raw)).testsuites.testsuite.tests | Should -Be 3
    }

    It 'does not ask for a credential where nobody can answer' {
        $config = Get-Content $web.Config -Raw
        Set-Content $web.Config "USING_AUTH: true`nAUTH_URI: http://127.0.0.1:1/`n$config"
        try {
            $said = Invoke-FreshSession -Import "Test-PyService web -ErrorAction SilentlyContinue -ErrorVariable errors; `$errors[0].FullyQualifiedErrorId"
            $said | Should -BeLike 'CredentialRequired,*'
            $credential = [pscredential]::new('me', (ConvertTo-SecureString 'secret' -AsPlainText -Force))
            $outcome = Get-Outcome { Test-PyService web -Credential $credential -TestName echo }
            $outcome.Errors.FullyQualifiedErrorId | Should -BeLike 'AuthenticationFailed,*'
        }
        finally { Set-Content $web.Config $config }
    }
}

Describe 'New-PyServiceWrapper' {
    It 'works where only the module is installed, which <_> finds' -ForEach 'pwsh on PATH', 'the PowerShell that made it', 'a tool of the user' {
        $wrapper = New-PyServiceWrapper web -Force
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive $_)
        $copy = Join-Path $folder 'wrapper'
        $text = (Get-Content -Raw $wrapper.Path).Replace($wrapper.Program, '/gone/servicectl')
        # PowerShell makes folders in its HOME.
        $path, $userHome = '/nowhere', (New-Item -ItemType Directory (Join-Path $folder 'home'))
        if ($_ -ne 'the PowerShell that made it') { $text = $text -replace '(?<=ask pwsh).*(?= \|\| ask "\$HOME)' }
        switch ($_) {
            'pwsh on PATH' { $path = "$folder/bin" }
            'a tool of the user' { $path, $userHome = '/usr/bin:/bin', "$folder" }
        }
        foreach ($bin in 'bin', '.dotnet/tools') {
            $null = New-Item -ItemType Directory (Join-Path $folder $bin)
            $null = New-Item -ItemType SymbolicLink (Join-Path $folder $bin 'pwsh') -Target $pwsh
        }
        Set-Content $copy $text

        $status = /usr/bin/env "PATH=$path" "HOME=$userHome" "PSModulePath=$(Join-Path $root 'output')" /bin/sh $copy status --json | ConvertFrom-Json
        $LASTEXITCODE | Should -Be 0
        $status.name | Should -Be 'web'
        Remove-Item $wrapper.Path
    }

    It 'makes a wrapper that works' {
        $wrapper = New-PyServiceWrapper web

        $wrapper | Should -BeOfType ([ServiceCtl.Contracts.PyServiceWrapper])
        $status = & $wrapper.Path status --json | ConvertFrom-Json
        $status.name | Should -Be 'web'
    }

    It 'leaves a file of somebody else alone, unless forced' {
        $path = Join-Path $web.Folder 'service'
        Set-Content $path 'mine'

        (Get-Outcome { New-PyServiceWrapper web }).Errors.FullyQualifiedErrorId | Should -Be 'FileExists,ServiceCtl.Cmdlets.NewPyServiceWrapperCommand'
        Get-Content $path | Should -Be 'mine'
        (New-PyServiceWrapper web -Force).Path | Should -Be $path
    }

    It 'changes nothing with -WhatIf' {
        Remove-Item (Join-Path $web.Folder 'service') -ErrorAction Ignore

        New-PyServiceWrapper web -WhatIf

        Test-Path (Join-Path $web.Folder 'service') | Should -BeFalse
    }
}
