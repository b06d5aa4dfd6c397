using System.Globalization;
using System.Text;

namespace ServiceCtl.Benchmarks.Relog;

/// <summary>
/// Writes the log of a Flask service under uWSGI as a busy day leaves it, the same at every call. Of 10,000 events, 9,600 are request
/// lines, 250 INFO records of the application, 60 lines of uWSGI's own, 60 ERROR records with a JSON-RPC error, and 30 uncaught exceptions:
/// 20 that Flask reports, 4 bare ones, 3 chained, 2 groups and 1 of the compiler; 40 types and places in all.
/// </summary>
internal sealed class LogWriter
{
    private static readonly string[] Types = ["ValueError", "KeyError", "TypeError", "ConnectionError", "sqlalchemy.exc.OperationalError",
        "TimeoutError", "AttributeError", "app.errors.OutOfStock"];
    private static readonly string[] Methods = ["GET", "GET", "GET", "POST", "PUT"];

    private readonly Truth _truth = new();
    private readonly StringBuilder _text = new();
    private DateTime _now = new(2024, 5, 1, 0, 0, 0);
    private ulong _random = 0x9E3779B97F4A7C15;
    private long _requests;

    public static Truth Write(string path, long bytes)
    {
        LogWriter writer = new();
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20);
        while (writer._truth.Bytes < bytes)
        {
            writer.WriteEvent();
            if (writer._text.Length < 1 << 18)
                continue;
            writer.Flush(file);
        }

        writer.Flush(file);
        return writer._truth;
    }

    private void Flush(FileStream file)
    {
        byte[] block = Encoding.ASCII.GetBytes(_text.ToString());
        file.Write(block);
        _truth.Bytes += block.Length;
        _text.Clear();
    }

    private void WriteEvent()
    {
        _now = _now.AddMilliseconds(17);
        int kind = Next(10_000);
        if (kind < 9_600)
            Request(200);
        else if (kind < 9_850)
            Dropped(
                $"[{_now:yyyy-MM-dd HH:mm:ss},{_now:fff}] INFO in views: order {Next(1_000_000)} of customer {Next(10_000)} was priced in "
                    + $"{Next(90)} ms");
        else if (kind < 9_910)
            Dropped($"[{_now:dd.MM.yyyy HH:mm:ss}] - worker {1 + Next(8)} (pid: {4000 + Next(8)}) has recycled its memory");
        else if (kind < 9_970)
            InternalError();
        else
            Exception(kind - 9_970, Next(40));
    }

    private void Request(int status)
    {
        int worker = Next(8);
        string time = string.Create(CultureInfo.InvariantCulture, $"{_now:ddd MMM} {_now.Day,2} {_now:HH:mm:ss yyyy}");
        Dropped(
            $"[pid: {4000 + worker}|app: 0|req: {_requests / 8}/{++_requests}] 10.0.{Next(255)}.{Next(255)} () {{{30 + Next(9)} vars in "
                + $"{400 + Next(300)} bytes}} [{time}] "
            + $"{Methods[Next(Methods.Length)]} /api/orders/{Next(1_000_000)} => generated {Next(5000)} bytes in {Next(250)} msecs "
            + $"(HTTP/1.1 {status}) {2 + Next(3)} headers in {70 + Next(50)} bytes ({1 + Next(3)} switches on core 0)");
    }

    private void InternalError()
    {
        _truth.InternalErrors++;
        Kept(
            $"[{_now:yyyy-MM-dd HH:mm:ss},{_now:fff}] ERROR in methods: {{\"jsonrpc\": \"2.0\", \"error\": {{\"code\": -32602, "
                + $"\"message\": \"Invalid params: order {Next(100_000)}\"}}, \"id\": {Next(100_000)}}}");
        Request(200);
    }

    private void Exception(int shape, int which)
    {
        string type = Types[which % Types.Length];
        string frame = $"  File \"/srv/shop/module{which / Types.Length}.py\", line {100 + which}, in step_{which}";
        string message = $"{type}: order {Next(1_000_000)} can't be done";
        if (shape != 29 && shape is < 20 or > 23)
            Kept($"[{_now:yyyy-MM-dd HH:mm:ss},{_now:fff}] ERROR in app: Exception on /api/orders/{Next(1_000_000)} [POST]");
        switch (shape)
        {
            case 24 or 25 or 26:
                Traceback("  File \"/srv/shop/db.py\", line 7, in connect", "OSError: [Errno 111] Connection refused");
                Kept("");
                Kept("During handling of the above exception, another exception occurred:");
                Kept("");
                Traceback(frame, message);
                break;
            case 27 or 28:
                type = "ExceptionGroup";
                Kept("  + Exception Group Traceback (most recent call last):");
                Kept("  | " + frame);
                Kept("  |     raise ExceptionGroup('orders', errors)");
                Kept("  | ExceptionGroup: orders (2 sub-exceptions)");
                Kept("  +-+---------------- 1 ----------------");
                Kept("    | ValueError: 1");
                Kept("    +---------------- 2 ----------------");
                Kept("    | KeyError: 2");
                Kept("    +------------------------------------");
                break;
            case 29:
                type = "SyntaxError";
                Kept(frame[..frame.LastIndexOf(',')]);
                Kept("    def step(:");
                Kept("             ^");
                Kept("SyntaxError: invalid syntax");
                frame = frame[..frame.LastIndexOf(',')];
                break;
            default:
                Traceback(frame, message);
                break;
        }

        _truth.Exceptions++;
        _truth.Groups[(type, frame)] = _truth.Groups.GetValueOrDefault((type, frame)) + 1;
        Request(500);
    }

    private void Traceback(string lastFrame, string end)
    {
        Kept("Traceback (most recent call last):");
        for (int depth = 0; depth < 6; depth++)
        {
            Kept($"  File \"/usr/lib/python3/dist-packages/flask/app.py\", line {1820 + (depth * 13)}, in dispatch_request");
            Kept("    return self.ensure_sync(self.view_functions[rule.endpoint])(**view_args)");
            Kept("           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^");
        }

        Kept(lastFrame);
        Kept("    return price(order, customer)");
        Kept(end);
    }

    private void Dropped(FormattableString line) => Dropped(line.ToString(CultureInfo.InvariantCulture));

    private void Dropped(string line)
    {
        _truth.Dropped++;
        Line(line);
    }

    private void Kept(FormattableString line) => Line(line.ToString(CultureInfo.InvariantCulture));

    private void Kept(string line) => Line(line);

    private void Line(string line)
    {
        _truth.Lines++;
        _text.Append(line).Append('\n');
    }

    /// <summary>xorshift64*: the same numbers everywhere.</summary>
    private int Next(int limit)
    {
        _random ^= _random >> 12;
        _random ^= _random << 25;
        _random ^= _random >> 27;
        return (int)((_random * 0x2545F4914F6CDD1D >> 33) % (ulong)limit);
    }
}
