using Microsoft.Win32.SafeHandles;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Integration.Processes;

public sealed class SpawnRefusalTests : IDisposable
{
    private readonly ProcessBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_missing_program_is_named() =>
        AssertRefused(ProcessBench.Program(_bench.PathOf("nothing")), ErrorCode.RunnerMissing, "there is no such file");

    [Fact]
    public void A_relative_program_is_refused() =>
        AssertRefused(ProcessBench.Program("true"), ErrorCode.InvalidArgument, "'true' is not an absolute path");

    [Fact]
    public void A_directory_is_no_program() =>
        AssertRefused(ProcessBench.Program(_bench.Folder), ErrorCode.RunnerMissing, "it is a directory");

    [Fact]
    public void A_dangling_link_is_told_with_its_target()
    {
        File.CreateSymbolicLink(_bench.PathOf("python"), "/nowhere/python3.11");
        AssertRefused(ProcessBench.Program(_bench.PathOf("python")), ErrorCode.RunnerMissing,
            "it is a link to /nowhere/python3.11, which does not exist");
    }

    [Fact]
    public void A_file_without_the_executable_bit_is_told() =>
        AssertRefused(ProcessBench.Program(Script("#!/bin/sh\n", UnixFileMode.UserRead)), ErrorCode.AccessDenied, "may not execute it");

    [Fact]
    public void The_interpreter_of_a_moved_virtualenv_is_named() =>
        AssertRefused(ProcessBench.Program(Script("#!/old/venv/bin/python3 -u\nprint()\n")), ErrorCode.RunnerMissing,
            "its interpreter /old/venv/bin/python3, named in its first line, does not exist");

    [Fact]
    public void A_script_with_windows_line_ends_is_told() =>
        AssertRefused(ProcessBench.Program(Script("#!/bin/sh\r\nexit 0\r\n")), ErrorCode.RunnerMissing, "its first line ends with CR LF");

    [Fact]
    public void A_file_that_is_no_program_is_told() =>
        AssertRefused(ProcessBench.Program(Script("echo hello\n")), ErrorCode.RunnerMissing,
            "neither a program of this machine's kind nor a script");

    [Fact]
    public void A_missing_working_directory_is_told_and_not_the_program() =>
        AssertRefused(ProcessBench.Program("/bin/true") with { WorkingDirectory = _bench.PathOf("nothing") }, ErrorCode.System,
            $"its working directory {_bench.PathOf("nothing")} does not exist");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_directory_on_the_way_that_may_not_be_entered_is_named(bool forProgram)
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may enter every directory");
        string closed = _bench.PathOf("closed");
        string inner = Directory.CreateDirectory(Path.Combine(closed, "inner")).FullName;
        File.SetUnixFileMode(closed, UnixFileMode.UserRead);
        try
        {
            AssertRefused(
                forProgram ? ProcessBench.Program(Path.Combine(inner, "program"))
                    : ProcessBench.Program("/bin/true") with { WorkingDirectory = inner },
                ErrorCode.AccessDenied,
                closed);
        }
        finally
        {
            File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void A_working_directory_that_is_a_file_is_told() =>
        AssertRefused(ProcessBench.Program("/bin/true") with { WorkingDirectory = Script("") }, ErrorCode.System, "is not a directory");

    [Fact]
    public void Too_long_arguments_are_told_with_their_size() =>
        AssertRefused(ProcessBench.Program("/bin/true", new string('x', 200_000)), ErrorCode.System, "too long together (200");

    [Fact]
    public async Task A_program_that_is_being_written_is_told()
    {
        string program = _bench.PathOf("program");
        File.Copy("/bin/true", program);
        using (File.OpenHandle(program, FileMode.Open, FileAccess.Write))
            AssertRefused(ProcessBench.Program(program), ErrorCode.System, "the file is open for writing");

        // A child that another test is just spawning has a copy of the writing descriptor until its exec.
        await ProcessBench.Until(() => TrySpawn(program), "the program starts");
    }

    [Theory]
    [InlineData("a\0b", "A", "1", "Argument 1 of /bin/true holds a NUL character")]
    [InlineData("a", "A\0", "1", "'A\\0' can't be the name of an environment variable")]
    [InlineData("a", "A=B", "1", "'A=B' can't be the name of an environment variable")]
    [InlineData("a", "", "1", "'' can't be the name of an environment variable")]
    [InlineData("a", "A", "secret\0", "The environment variable A holds a NUL character")]
    public void What_no_program_can_be_given_is_refused(string argument, string name, string value, string message)
    {
        ServiceCtlException refusal = AssertRefused(
            ProcessBench.Program("/bin/true", argument) with { Environment = new Dictionary<string, string> { [name] = value } },
            ErrorCode.InvalidArgument, message);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_descriptor_is_refused()
    {
        SafeFileHandle closed = File.OpenHandle("/dev/null");
        closed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _bench.Spawn(ProcessBench.Program("/bin/true") with { PassedDescriptors = [closed] }));
    }

    private bool TrySpawn(string program)
    {
        try
        {
            _bench.Spawn(ProcessBench.Program(program));
            return true;
        }
        catch (ServiceCtlException)
        {
            return false;
        }
    }

    private string Script(string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserExecute)
    {
        string path = _bench.PathOf("script");
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
        return path;
    }

    private ServiceCtlException AssertRefused(ProcessSpec spec, ErrorCode code, string message)
    {
        ServiceCtlException refusal = Assert.Throws<ServiceCtlException>(() => _bench.Spawn(spec));
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(code, refusal.Code);
        return refusal;
    }
}
