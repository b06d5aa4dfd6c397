using CsCheck;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Remote;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Tests.Unit.Remote;

/// <summary>Whatever is pushed, whenever, and whatever comes of it: the state says what a plain model of the service says.</summary>
public sealed class RemoteStateTests
{
    /// <summary>Of these configurations a service becomes ready with the even ones.</summary>
    private static readonly RemoteConfig[] Configs = [.. Enumerable.Range(0, 6).Select(Read)];

    private static readonly Gen<Step> AnyStep = Gen.Select(Gen.Int[0, 5], Gen.Bool, Gen.Bool, Gen.Bool, Gen.Int[-6, 5],
        (push, keep, apply, formerServes, amid) => new Step(push, keep, apply, formerServes, amid < 0 ? null : amid));

    [Fact]
    public void It_agrees_with_the_model() => AnyStep.Array[0, 40].Sample(
        steps =>
        {
            var state = RemoteState.Of(null, null);
            var model = new Model();
            foreach (var step in steps)
            {
                state = state.Accept(Configs[step.Push], step.Keep);
                model.Push(step.Push, step.Keep);
                if (step.Apply)
                    (state, model) = Apply(state, model, step.Amid, step.FormerServes);
                Agree(model, state);
            }

            // In the end no push is left that was not tried, and what runs is what is on disk, or what was wanted although it is bad.
            for (var round = 0; round < 3 && state.IsDue; round++)
                (state, model) = Apply(state, model, amid: null, formerServes: false);
            Agree(model, state);
            Assert.False(state.IsDue);
            Assert.True(model.Launches <= model.Changes + model.PutBack, "more restarts than changes");
            if (model.Wanted is { } wanted && wanted % 2 != 0)
                Assert.True(model.Keep || model.Proven is null);
        },
        iter: 20_000);

    [Fact]
    public void What_needs_no_restart_makes_none_due()
    {
        var before = RemoteState.Of(Configs[0], Configs[0]);
        Assert.False(before.IsDue);
        Assert.Same(before, before.Accept(Read(0), isKept: false));
    }

    private static (RemoteState State, Model Model) Apply(RemoteState state, Model model, int? amid, bool formerServes)
    {
        Assert.Equal(model.IsDue, state.IsDue);
        if (!state.IsDue)
            return (state, model);

        var tried = state.Wanted!;
        var number = Array.IndexOf(Configs, tried);
        model.Launch();
        if (amid is { } push)
        {
            state = state.Accept(Configs[push], isKept: false);
            model.Push(push, keep: false);
        }

        state = number % 2 == 0 ? state.Launched(tried) : state.Failed(tried, formerServes);
        model.End(number, formerServes);
        return (state, model);
    }

    private static void Agree(Model model, RemoteState state)
    {
        Assert.Equal(model.Wanted, Number(state.Wanted));
        Assert.Equal(model.Proven, Number(state.Proven));
        Assert.Equal(model.IsDue, state.IsDue);
    }

    private static int? Number(RemoteConfig? config) => config is null ? null : Array.FindIndex(Configs, config.IsSameAs);

    private static RemoteConfig Read(int number) => RemoteConfig.ReadAsync(
        new RemoteRule { File = "/srv/config.json" }, new ConfigPushRequest { Service = "x", Text = $$"""{"number": {{number}}}""" },
        CancellationToken.None).GetAwaiter().GetResult();

    private sealed record Step(int Push, bool Keep, bool Apply, bool FormerServes, int? Amid);

    /// <summary>A service as one would describe it, with numbers for configurations.</summary>
    private sealed class Model
    {
        private int? _running;
        private bool _isGivenUp;

        public int? Wanted { get; private set; }

        public int? Proven { get; private set; }

        public bool Keep { get; private set; }

        public int Changes { get; private set; }

        public int Launches { get; private set; }

        public int PutBack { get; private set; }

        public bool IsDue => Wanted is not null && !_isGivenUp && Wanted != _running;

        public void Push(int number, bool keep)
        {
            if (number == Wanted)
                return;
            (Wanted, Keep, _isGivenUp) = (number, keep, false);
            Changes++;
        }

        public void Launch() => Launches++;

        public void End(int number, bool formerServes)
        {
            if (number % 2 == 0)
            {
                (_running, Proven) = (number, number);
                return;
            }

            if (!formerServes)
                _running = null;
            if (Wanted != number)
                return;
            if (Keep || Proven is null)
                _isGivenUp = true;
            else
                (Wanted, PutBack) = (Proven, PutBack + 1);
        }
    }
}
