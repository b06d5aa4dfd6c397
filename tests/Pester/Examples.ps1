<#
    Runs every example of every help topic, every block of the about_ topics, and every PowerShell block of README and guide, in a mount namespace where folders of the system are empty ones. Prints the examples that could not run:
    a word that is not understood, not one of the many things that can be wrong with a service.
#>
param([string] $Module, [string] $Work, [string] $Pages)

$ErrorActionPreference = 'Continue'
$WarningPreference = 'SilentlyContinue'
$ConfirmPreference = 'None'
Import-Module $Module
foreach ($folder in @('/srv', '/etc/systemd/system', '/etc/init.d') + @(Get-Item '/etc/rc?.d').FullName) {
    $null = New-Item -ItemType Directory -Force "$Work/mounts$folder"
    if (Test-Path $folder) { mount --bind "$Work/mounts$folder" $folder }
}
# An example has an agent of its own there: nothing of that is left.
$elsewhere = '/tmp/experiment'
$isMade = -not (Test-Path $elsewhere)
$null = New-Item -ItemType Directory -Force $elsewhere, "$Work/mounts$elsewhere"
mount --bind "$Work/mounts$elsewhere" $elsewhere
$env:SERVICECTL_HOME = "$Work/examples"
$env:HOME = $Work
$names = 'web', 'web-blue', 'auth', 'billing-a', 'billing-test', 'greeter', 'worker-1'
foreach ($name in $names + 'billing') {
    $null = New-Item -ItemType Directory -Force "/srv/$name"
    Set-Content "/srv/$name/config.yaml" "SERVICE_NAME: $name`nservice: {runner: command, command: [sleep, infinity], schedule: [{name: clean, cron: ""@yearly"", run: [/bin/true]}]}"
    Set-Content "/srv/$name/tests.yaml" 'unit: []'
}
foreach ($folder in 'inbox', 'in', 'out', 'log', 'from-production', 'deploy') { $null = New-Item -ItemType Directory -Force "$Work/here/$folder" }
Set-Location "$Work/here"
Copy-Item -Recurse /srv/billing .
Set-Content from-production/a.log ''; gzip from-production/a.log
Set-Content production.json '{"a": 1}'; Set-Content workers.yaml 'a: 1'
function systemctl { }
# Other hosts are this one: what ssh would run there is run here.
$null = New-Item -ItemType Directory -Force "$Work/programs"
Set-Content "$Work/programs/ssh" "#!/bin/sh`nfor last; do :; done`neval `"exec `$last`""
chmod +x "$Work/programs/ssh"
ln -sfn "$Module/Dependencies/servicectl" "$Work/programs/servicectl"
# Root's agent of this machine is nobody's example.
Set-Content "$Work/programs/sudo" "#!/bin/sh`necho 'sudo: a password is required' >&2`nexit 1"
chmod +x "$Work/programs/sudo"
$env:PATH = "$Work/programs:$env:PATH"

# The help's, and those of the pages for people.
$examples = @(
    foreach ($command in Get-Command -Module ServiceCtl | Sort-Object Name) {
        foreach ($example in (Get-Help $command.Name -Full).examples.example) { @{ Of = $command.Name; Code = $example.code } }
    }
    foreach ($topic in Get-Item "$Module/en-US/about_*.help.txt") {
        # A block is what is indented twice.
        foreach ($block in [regex]::Matches((Get-Content $topic -Raw), '(?m)(^        \S.*\n(^        .*\n|^\n(?=        ))*)')) { @{ Of = "TOPIC-$($topic.BaseName -replace '\W')"; Code = $block.Value } }
    }
    foreach ($page in Get-Item "$Pages/README.md", "$Pages/docs/guide/*.md") {
        foreach ($block in [regex]::Matches((Get-Content $page -Raw), '(?ms)^```powershell\n(?<code>.*?)^```$')) { @{ Of = "PAGE-$($page.BaseName)"; Code = $block.Groups['code'].Value } }
    }
)
$wrong = 'CommandNotFound|NamedParameterNotFound|PositionalParameterNotFound|AmbiguousParameter|ParameterArgument|CannotConvertArgument|MissingMandatoryParameter|MissingArgument|InputObjectNotBound|Internal|^InvalidArgument|ParseException|MethodNotFound|PropertyNotFound'
foreach ($example in $examples) {
    foreach ($name in $names) { Register-PyService "/srv/$name" -ErrorAction Ignore }
    if ($example.Code -match '-Follow|Invoke-Daemon|Show-PyService') {
        # They end by Ctrl+C only, or want a terminal.
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$Module'; Set-Location '$PWD'; $($example.Code)")
        $running = $shell.BeginInvoke()
        $null = $running.AsyncWaitHandle.WaitOne(1500)
        $null = $shell.BeginStop($null, $null)
        $faults = @($shell.Streams.Error)
    }
    else {
        $faults = @(try { & ([scriptblock]::Create($example.Code)) 2>&1 } catch { $_ }) | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }
    }
    if ($env:SERVICECTL_HOME -ne "$Work/examples") { Stop-PyServiceAgent -Force; $env:SERVICECTL_HOME = "$Work/examples" }
    Set-Location "$Work/here"
    foreach ($fault in $faults | Where-Object FullyQualifiedErrorId -Match $wrong | Where-Object { "$_" -notmatch 'has no virtualenv|(docker|podman) has no image|No container of a service is called' }) { "$($example.Of): $($example.Code): $($fault.FullyQualifiedErrorId): $fault" }
}
Stop-PyServiceAgent -Force
umount $elsewhere
if ($isMade) { rmdir $elsewhere }
'every example was run'
