BeforeAll {
    . $PSScriptRoot/Support.ps1

    $folder = Join-Path (Split-Path $env:SERVICECTL_HOME) 'told'
    $null = New-Item -ItemType Directory $folder
    # Nobody listens on port 9 of this host.
    Set-Content (Join-Path $folder 'config.yaml') @'
SERVICE_NAME: told
service:
  runner: command
  command: [sleep, '600']
alerts:
  webhook: {critical: {url: "http://127.0.0.1:9/canary", secret: canary}}
'@
    Register-PyService $folder
}

AfterAll { Unregister-PyService told -Confirm:$false }

Describe 'Get-PyServiceAlert' {
    It 'tells who hears what, and nothing secret' {
        $alert = Get-PyService told | Get-PyServiceAlert
        $alert.Destination | Should -Be '127.0.0.1:9'
        $alert.Levels | Should -Be Critical
        $alert.Sent, $alert.Waiting | Should -Be 0, 0
        ($alert | ConvertTo-Json) + ($alert | Format-List | Out-String) | Should -Not -Match 'canary'
    }
}

Describe 'Test-PyServiceAlert' {
    It 'says what came of it' {
        $test = Test-PyServiceAlert told
        $test.Delivered | Should -BeFalse
        $test.Answer | Should -Match 'refused'
        $test.Channel | Should -Be Webhook
    }
}
