using System.Text;
using Microsoft.Win32.SafeHandles;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Host.Output;

/// <summary>
/// A command that can't have the threads it needs says so. .NET would abort, without a word or with those of a fault of ours: to print
/// takes it a thread as well.
/// </summary>
internal static class ThreadShortage
{
    /// <summary>For signals, events of sockets, the clock, looks at processes, and a few that work.</summary>
    private const int NeededByCommand = 9;

    /// <summary>What an agent has beside its pool: who waits for ends, looks at processes, reads logs, watches files, serves.</summary>
    private const int AgentOwn = 14;

    private const int NeededByAgent = 24;
    private const int MostOfAgent = 128;

    /// <returns>False when this process can't be; it has said why.</returns>
    public static bool IsBearable()
    {
        AppDomain.CurrentDomain.UnhandledException += (_, fault) => EndFor(fault.ExceptionObject);
        if (!ThreadHeadroom.IsLimited)
            return true;
        var found = ThreadHeadroom.Count(NeededByCommand);
        if (found < NeededByCommand)
        {
            Write(ThreadHeadroom.Missing("servicectl", NeededByCommand, found).Report);
            return false;
        }

        Keep(NeededByCommand / 2);
        return true;
    }

    /// <summary>The pool has as many threads as there may be, so that it fails at none.</summary>
    /// <exception cref="ServiceCtlException">An agent can't be.</exception>
    public static void RequireForAgent()
    {
        var found = ThreadHeadroom.Count(MostOfAgent);
        if (found < NeededByAgent)
            throw ThreadHeadroom.Missing("The agent", NeededByAgent, found);
        Keep(found - AgentOwn);
    }

    private static void Keep(int threads)
    {
        ThreadPool.SetMinThreads(1, 1);
        ThreadPool.SetMaxThreads(threads, threads);
    }

    private static void EndFor(object fault)
    {
        if (fault is not Exception error || ThreadHeadroom.Explain(error) is not { } shortage)
            return;
        Write(shortage.Report);
        ThreadHeadroom.EndNow(ExitCodes.Failed);
    }

    private static void Write(ErrorReport error)
    {
        using var output = new FileStream(new SafeFileHandle(2, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        output.Write(Encoding.UTF8.GetBytes($"error: {error.Message}\n  {error.Advice}\n"));
    }
}
