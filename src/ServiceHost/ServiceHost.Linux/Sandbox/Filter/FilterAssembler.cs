namespace ServiceHost.Linux;

/// <summary>
/// Writes classic BPF. Jumps only go forward, as the kernel demands. A conditional jump reaches 255 instructions, so the far side of
/// every test is an unconditional jump, which reaches all.
/// </summary>
internal sealed class FilterAssembler
{
    internal const ushort LoadWord = 0x20;       // BPF_LD | BPF_W | BPF_ABS
    internal const ushort And = 0x54;            // BPF_ALU | BPF_AND | BPF_K
    internal const ushort Jump = 0x05;           // BPF_JMP | BPF_JA
    internal const ushort JumpIfEqual = 0x15;    // BPF_JMP | BPF_JEQ | BPF_K
    internal const ushort JumpIfAtLeast = 0x35;  // BPF_JMP | BPF_JGE | BPF_K
    internal const ushort Return = 0x06;         // BPF_RET | BPF_K

    /// <summary>BPF_MAXINSNS.</summary>
    internal const int MaxInstructions = 4096;

    private readonly List<FilterInstruction> _instructions = [];

    // Position of each jump whose target is not placed yet, by label.
    private readonly Dictionary<int, List<int>> _open = [];
    private int _labels;

    public int NewLabel()
    {
        _open[_labels] = [];
        return _labels++;
    }

    /// <summary>The label is the next instruction.</summary>
    public void Place(int label)
    {
        foreach (int position in _open[label])
        {
            _instructions[position] = _instructions[position] with { Constant = (uint)(_instructions.Count - position - 1) };
        }

        _open.Remove(label);
    }

    public void Load(uint offset) => Add(LoadWord, offset);

    public void Mask(uint bits) => Add(And, bits);

    public void Answer(uint verdict) => Add(Return, verdict);

    public void Goto(int label)
    {
        _open[label].Add(_instructions.Count);
        Add(Jump, 0);
    }

    /// <summary>Goes on when the accumulator equals <paramref name="value"/>, else to the label.</summary>
    public void GotoUnlessEqual(uint value, int label)
    {
        _instructions.Add(new FilterInstruction(JumpIfEqual, JumpIfTrue: 1, JumpIfFalse: 0, value));
        Goto(label);
    }

    /// <summary>Goes on when the accumulator is below <paramref name="value"/>, else to the label.</summary>
    public void GotoIfAtLeast(uint value, int label)
    {
        _instructions.Add(new FilterInstruction(JumpIfAtLeast, JumpIfTrue: 0, JumpIfFalse: 1, value));
        Goto(label);
    }

    public FilterInstruction[] ToProgram() => _open.Count == 0 && _instructions.Count <= MaxInstructions
        ? [.. _instructions]
        : throw new InvalidOperationException($"{_open.Count} labels without a place, {_instructions.Count} instructions.");

    private void Add(ushort code, uint constant) => _instructions.Add(new FilterInstruction(code, 0, 0, constant));
}
