BeforeAll {
    . $PSScriptRoot/Support.ps1

    # A folder with a configuration and nothing else; not registered.
    function New-ConfigFolder([string] $Name, [string] $Config) {
        $folder = Join-Path $TestDrive $Name
        $null = New-Item -ItemType Directory $folder -Force
        Set-Content (Join-Path $folder 'config.yaml') $Config
        $folder
    }

    $right = "SERVICE_NAME: web`nlocal_port: 8001`nDB_PASSWORD: hunter2`nservice: {runner: command, command: [x], stop: {timeout: 7s}, limits: {memory: 512MB}}"
    $wrong = "SERVICE_NAME: bad`nlocal_port: 70000`nservice:`n  helth: {}`n  runner: uvicron"

    function Complete([string] $Line) { (TabExpansion2 $Line -cursorColumn $Line.Length).CompletionMatches }
}

Describe 'Get-PyServiceConfig' {
    BeforeAll {
        $web = New-ConfigFolder 'web' $right
        Set-Content (Join-Path $web '.env') 'SERVICECTL__LOCAL_PORT=8002'
    }

    It 'writes typed values with their places' {
        $port = Get-PyServiceConfig -Path $web -Key local_port
        $port.Value | Should -Be 8002
        $port.Line | Should -Be 1
        $port.Source | Should -Be (Join-Path $web '.env')
        $port.Overridden[0].Value | Should -Be 8001
        (Get-PyServiceConfig -Path $web -Key service.stop.timeout).Value | Should -Be ([timespan] '0:0:7')
        (Get-PyServiceConfig -Path $web -Key service.limits.memory).Value | Should -Be 512000000
        (Get-PyServiceConfig -Path $web -Key service.command).Value | Should -Be 'x'
    }

    It 'tells defaults from what is written' {
        $settings = Get-PyServiceConfig -Path $web -Key service.stop
        ($settings | Where-Object IsDefault).Key | Should -Be 'service.stop.mode', 'service.stop.signal'
    }

    It 'masks secrets, and shows them on request' {
        (Get-PyServiceConfig -Path $web -Key DB_PASSWORD).Value | Should -Be '********'
        (Get-PyServiceConfig -Path $web -Key DB_PASSWORD -Reveal).Value | Should -Be 'hunter2'
    }

    It 'writes what is overridden below what counts' {
        $settings = Get-PyServiceConfig -Path $web -Key local_port -ShowOverridden -Set local_port=8003
        $settings.Value | Should -Be 8003, 8002, 8001
        $settings.IsOverridden | Should -Be $false, $true, $true
    }

    It 'tells a key that there is not, and the nearest one; a key that nobody wrote is none' {
        $outcome = Get-Outcome { Get-PyServiceConfig -Path $web -Key service.stop.timout }
        $outcome.Errors[0].FullyQualifiedErrorId | Should -Be 'InvalidArgument,ServiceCtl.Cmdlets.GetPyServiceConfigCommand'
        $outcome.Errors[0].ErrorDetails.RecommendedAction | Should -Match "'service.stop.timeout'"
        (Get-Outcome { Get-PyServiceConfig -Path $web -Key servce.stop }).Errors[0].ErrorDetails.RecommendedAction | Should -Match "'service.stop'"
        Get-PyServiceConfig -Path $web -Key service.user, nosuch.* -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'takes the service of the current folder' {
        Push-Location $web
        try { (Get-PyServiceConfig -Key SERVICE_NAME).Value | Should -Be 'web' } finally { Pop-Location }
    }

    It 'tells a wrong configuration and goes on with the next' {
        $bad = New-ConfigFolder 'bad' $wrong
        $outcome = Get-Outcome { Get-PyServiceConfig -Path $bad, $web -Key SERVICE_NAME -ErrorAction Continue }
        $outcome.Objects.Value | Should -Be 'web'
        $outcome.Errors.FullyQualifiedErrorId | Should -Be 'ConfigInvalid,ServiceCtl.Cmdlets.GetPyServiceConfigCommand'
        $outcome.Errors[0].Exception.Report.Problems | Should -HaveCount 3
    }

    It 'refuses a setting that is none' {
        $outcome = Get-Outcome { Get-PyServiceConfig -Path $web -Set local_port }
        $outcome.Errors.FullyQualifiedErrorId | Should -Be 'InvalidArgument,ServiceCtl.Cmdlets.GetPyServiceConfigCommand'
    }

    It 'tells a name that is not registered, and not a pattern that matches nothing' {
        (Get-Outcome { Get-PyServiceConfig nobody }).Errors.FullyQualifiedErrorId | Should -Be 'ServiceNotFound,ServiceCtl.Cmdlets.GetPyServiceConfigCommand'
        (Get-Outcome { Get-PyServiceConfig nobody* }).Errors | Should -BeNullOrEmpty
    }

    It 'shows key, value and source' {
        $lines = (Get-PyServiceConfig -Path $web -Key local_port | Out-String) -split "`n"
        $lines -match '^local_port +8002 +SERVICECTL__LOCAL_PORT' | Should -Not -BeNullOrEmpty
        $lines -match 'Service: \(not registered\)' | Should -Not -BeNullOrEmpty
        $lines = (Get-PyServiceConfig -Path $web -Key local_port -ShowSource -ShowOverridden | Out-String -Width 300) -split "`n"
        $lines -match '^local_port +8002 .*/\.env:1:24' | Should -Not -BeNullOrEmpty
        $lines -match '^ +overrides +8001 .*/config\.yaml:2:13' | Should -Not -BeNullOrEmpty
    }
}

Describe 'Test-PyServiceConfig' {
    BeforeAll {
        $web = New-ConfigFolder 'web2' $right
        $bad = New-ConfigFolder 'bad2' $wrong
    }

    It 'finds every fault at once, with line, caret and remedy' {
        $check = Test-PyServiceConfig -Path $bad
        $check.IsValid | Should -BeFalse
        $check.Problems.Line | Should -Be 2, 4, 5
        $check.Problems[1].Message | Should -Be 'Unknown key `helth` in `service`.'
        $check.Problems[1].Advice | Should -Be 'Did you mean `health`?'
        $check.Problems[1].Excerpt | Should -Be "    4 |   helth: {}`n      |   ^"
    }

    It 'checks several, and files by their names' {
        $checks = Test-PyServiceConfig -Path $bad, (Join-Path $web 'config.yaml') -IncludeValues
        $checks.IsValid | Should -Be $false, $true
        $checks[1].Settings.Count | Should -BeGreaterThan 20
        ($checks[1].Settings | Where-Object Key -eq 'DB_PASSWORD').Value | Should -Be '********'
    }

    It 'warns of deprecated keys of a service''s own schema' {
        Set-Content (Join-Path $web 'config.schema.yaml') 'keys: {DB_PASSWORD: {type: text, deprecated: Write `db.password`.}}'
        $check = Test-PyServiceConfig -Path $web
        $check.IsValid | Should -BeTrue
        $check.Warnings.Advice | Should -Be 'Write `db.password`.'
    }

    It 'works on registered services through the pipeline' {
        $service = Add-FlaskService 'checked'
        try {
            (Get-PyService checked | Test-PyServiceConfig).Service | Should -Be 'checked'
            ('checked' | Test-PyServiceConfig).IsValid | Should -BeTrue
            (Test-PyServiceConfig check*).ConfigPath | Should -Be $service.Config
        }
        finally { Remove-AllServices }
    }

    It 'shows a table and a list' {
        $table = (Test-PyServiceConfig -Path $bad | Format-Table | Out-String -Width 300) -replace ' +', ' '
        $table | Should -Match 'False 3 0 .*/bad2/config\.yaml'
        $list = Test-PyServiceConfig -Path $bad | Format-List | Out-String -Width 300
        $list | Should -Match 'Did you mean `health`\?'
    }
}

Describe 'Composed configurations' {
    BeforeAll {
        $shop = New-ConfigFolder 'shop' "SERVICE_NAME: one`nservice: {runner: command, command: [x]}"
        $null = New-Item -ItemType Directory (Join-Path $shop 'config') -Force
        Set-Content (Join-Path $shop 'config/main.yaml') "SERVICE_NAME: shop`nservice: {runner: command, command: [x]}"
        Set-Content (Join-Path $shop 'config/db.toml') "host = 'localhost'"
        Push-Location $shop
    }

    AfterAll { Pop-Location }

    It 'searches where -Source says' {
        (Get-PyServiceConfig -Key SERVICE_NAME).Value | Should -Be 'one'
        $settings = Get-PyServiceConfig -Source 'config/**/main.{json,yaml}', config -Key SERVICE_NAME, db.host
        $settings.Value | Should -Be 'shop', 'localhost'
        $settings[1].Place | Should -Be "$(Join-Path $shop 'config/db.toml'):1:8"
        (Test-PyServiceConfig -Source 'nothing/*.yaml').Problems.Message | Should -Be 'No configuration was found at nothing/*.yaml.'
    }

    It 'takes the environment only with -Environment' {
        $env:SERVICECTL__DB__HOST = 'elsewhere'
        try {
            (Get-PyServiceConfig -Source config -Key db.host).Value | Should -Be 'localhost'
            (Get-PyServiceConfig -Source config -Key db.host -Environment).Place | Should -Be 'environment:SERVICECTL__DB__HOST'
        }
        finally { Remove-Item env:SERVICECTL__DB__HOST }
    }

    It 'registers a service with -Source' {
        try {
            $service = Register-PyService $shop -Source config -PassThru
            $service.Name | Should -Be 'shop'
            $service.Sources | Should -Be 'config'
            (Get-PyServiceConfig shop db.host).Value | Should -Be 'localhost'
        }
        finally { Remove-AllServices }
    }
}

Describe 'New-PyServiceConfig' {
    It 'writes text that is right, in <_>' -ForEach 'Yaml', 'Json', 'Toml', 'Ini' {
        $file = Join-Path $TestDrive "template.$($_.ToLowerInvariant())"
        New-PyServiceConfig $file -RequiredOnly | Should -BeNullOrEmpty
        (Test-PyServiceConfig -Path $file).Problems | Should -BeNullOrEmpty
    }

    It 'writes to the pipeline without a path' {
        $text = New-PyServiceConfig -Format Env -Prefix SERVICECTL -NoComments -Placeholder Empty
        $text | Should -Match '(?m)^SERVICECTL__SERVICE__READY__TIMEOUT=$'
    }

    It 'replaces no file without -Force' {
        $file = Join-Path $TestDrive 'there.yaml'
        Set-Content $file 'mine: 1'
        (Get-Outcome { New-PyServiceConfig $file }).Errors.FullyQualifiedErrorId | Should -Be 'FileExists,ServiceCtl.Cmdlets.NewPyServiceConfigCommand'
        Get-Content $file | Should -Be 'mine: 1'
        (New-PyServiceConfig $file -Force -PassThru).FullName | Should -Be $file
        Get-Content $file -Raw | Should -Match 'service:'
    }

    It 'changes nothing with -WhatIf' {
        $file = Join-Path $TestDrive 'never.yaml'
        New-PyServiceConfig $file -WhatIf
        $file | Should -Not -Exist
    }

    It 'includes the schema of a service' {
        $folder = New-ConfigFolder 'own' 'a: 1'
        Set-Content (Join-Path $folder 'config.schema.yaml') 'keys: {db.host: {type: text, required: true, example: db.example.com}}'
        New-PyServiceConfig -RequiredOnly -NoComments -ServicePath $folder | Should -Match '(?m)^db:\n  host: db\.example\.com$'
    }
}

Describe 'Completing keys' {
    It 'completes <Line>' -ForEach @(
        @{ Line = 'Get-PyServiceConfig web service.stop.'; Expected = 'service.stop.mode', 'service.stop.signal', 'service.stop.timeout' }
        @{ Line = 'Get-PyServiceConfig -Key LOCAL_P'; Expected = 'local_port' }
        @{ Line = 'Get-PyServiceConfig -Set service.ready.d'; Expected = 'service.ready.delay=' }
        @{ Line = 'Test-PyServiceConfig -Set service.restart.when=o'; Expected = 'service.restart.when=on-failure' }
        @{ Line = 'New-PyServiceConfig -Format T'; Expected = 'Toml' }
    ) {
        (Complete $Line).CompletionText | Should -Be $Expected
    }

    It 'says what a key is' {
        (Complete 'Get-PyServiceConfig web service.stop.t').ToolTip | Should -Match 'Holds a duration'
    }
}
