using System.Globalization;
using ServiceCtl.Benchmarks.Capture;
using ServiceCtl.Engine.Logs;
using ServiceCtl.Engine.Logs.Capture;

// capture-bench write BLOCK BYTES [LINE [GO]]  a service that prints numbered lines of LINE bytes, BLOCK bytes per write. With GO, a named
// pipe, it begins when somebody opens that, and in the end waits: its manager would start it anew
// capture-bench keep PIPE LOG SIZE KEEP        captures until it is killed, for the test that does that

switch (args)
{
    case ["write", var block, var bytes, .. var more] when more.Length <= 2:
        if (more is [_, var go])
            File.OpenRead(go).Dispose();
        Writer.Write(
            int.Parse(block, CultureInfo.InvariantCulture), long.Parse(bytes, CultureInfo.InvariantCulture),
            more.Length == 0 ? Writer.LineLength : int.Parse(more[0], CultureInfo.InvariantCulture));
        if (more.Length == 2)
            Thread.Sleep(Timeout.Infinite);
        return 0;
    case ["keep", var pipe, var log, var size, var keep]:
        using (LogCapture capture = new(TimeProvider.System, problem => Console.Error.WriteLine(problem.Message)))
        {
            capture.Attach("kept", pipe, log, new LogSettings
            {
                MaxSize = long.Parse(size, CultureInfo.InvariantCulture),
                Keep = int.Parse(keep, CultureInfo.InvariantCulture),
            });
            Thread.Sleep(Timeout.Infinite);
        }

        return 0;
    default:
        Console.Error.WriteLine("usage: capture-bench write BLOCK BYTES [LINE [GO]], or keep PIPE LOG SIZE KEEP");
        return 2;
}
