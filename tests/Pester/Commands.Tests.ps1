BeforeAll {
    . $PSScriptRoot/Support.ps1
    $servicectl = Join-Path $root 'output/servicectl'
    $folder = New-Item -ItemType Directory -Force (Join-Path (Split-Path $env:SERVICECTL_HOME) 'worker')
    Set-Content (Join-Path $folder 'config.yaml') @'
SERVICE_NAME: worker
service:
  runner: command
  command: [sleep, infinity]
  environment: {GREETING: hello there}
'@
    Set-Content (Join-Path $folder 'say.sh') "#!/bin/sh`necho said: `"`$@`"`nexit 7"
    chmod +x "$folder/say.sh"
    Register-PyService $folder
}

AfterAll { Remove-AllServices }

Describe 'Invoke-PyServiceCommand' {
    It 'runs in the environment and the folder of the service' {
        Invoke-PyServiceCommand worker env -PassThru | Should -Contain 'GREETING=hello there'
        Invoke-PyServiceCommand worker pwd | ForEach-Object { $_ } | Should -Be $folder.FullName
    }

    It 'takes a program of the folder, passes arguments on as they are, and its exit code back' {
        Invoke-PyServiceCommand worker -PassThru -- ./say.sh 'a b' '' -c '$x' | Should -Be 'said: a b  -c $x'
        $LASTEXITCODE | Should -Be 7
        Invoke-PyServiceCommand worker true
        $LASTEXITCODE | Should -Be 0
    }

    It 'says which service, and which program, there is not' {
        { Invoke-PyServiceCommand nosuch env } | Should -Throw -ErrorId 'ServiceNotFound,*'
        { Invoke-PyServiceCommand worker no-such-program } | Should -Throw -ErrorId 'RunnerMissing,*'
    }
}

Describe 'servicectl exec' {
    It 'does the same' {
        & $servicectl exec worker -- sh -c 'echo "$GREETING"; pwd; exit 7' | Should -Be 'hello there', $folder.FullName
        $LASTEXITCODE | Should -Be 7
        & $servicectl exec nosuch -- env 2>$null
        $LASTEXITCODE | Should -Be 1
    }

    It 'leaves the terminal to the command, and Ctrl+C as well' {
        '' | script --quiet --return --command "'$servicectl' exec worker -- sh -c 'test -t 0 && test -t 1 && exit 9'" /dev/null | Out-Null
        $LASTEXITCODE | Should -Be 9
        # A group of its own, as a terminal's foreground job: both get the signal, and the command decides.
        Set-Content (Join-Path $folder 'interrupted.sh') "#!/bin/sh`ntrap 'exit 5' INT`nkill -INT 0`nsleep 30"
        chmod +x "$folder/interrupted.sh"
        setsid --wait $servicectl exec worker -- ./interrupted.sh
        $LASTEXITCODE | Should -Be 5
    }
}
