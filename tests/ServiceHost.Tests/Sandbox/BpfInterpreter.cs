using System.Buffers.Binary;
using ServiceHost.Linux;

namespace ServiceHost.Tests.Sandbox;

/// <summary>
/// Classic BPF as the kernel runs it on a seccomp_data record, written from the description of the machine (accumulator, forward
/// jumps, loads of aligned words, returns) and not from our assembler. An instruction it does not know, a jump out of the
/// program or a load out of the record is an error, as it is to the kernel's checker.
/// </summary>
internal static class BpfInterpreter
{
    private const int RecordSize = 64;

    public static uint Run(ReadOnlySpan<FilterInstruction> program, uint architecture, uint number, ReadOnlySpan<ulong> arguments)
    {
        Span<byte> record = stackalloc byte[RecordSize];
        record.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(record, number);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], architecture);
        for (int i = 0; i < arguments.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(record[(16 + (i * 8))..], arguments[i]);
        }

        uint accumulator = 0;
        for (int counter = 0; counter < program.Length; counter++)
        {
            FilterInstruction step = program[counter];
            switch (step.Code)
            {
                case 0x20: // BPF_LD | BPF_W | BPF_ABS
                    Assert.True(step.Constant % 4 == 0 && step.Constant <= RecordSize - 4, $"load at {step.Constant}");
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(record[(int)step.Constant..]);
                    break;
                case 0x54: // BPF_ALU | BPF_AND | BPF_K
                    accumulator &= step.Constant;
                    break;
                case 0x05: // BPF_JMP | BPF_JA
                    counter += (int)step.Constant;
                    break;
                case 0x15: // BPF_JMP | BPF_JEQ | BPF_K
                    counter += accumulator == step.Constant ? step.JumpIfTrue : step.JumpIfFalse;
                    break;
                case 0x35: // BPF_JMP | BPF_JGE | BPF_K
                    counter += accumulator >= step.Constant ? step.JumpIfTrue : step.JumpIfFalse;
                    break;
                case 0x06: // BPF_RET | BPF_K
                    return step.Constant;
                default:
                    throw new InvalidOperationException($"instruction {counter} has the code {step.Code:x}");
            }
        }

        throw new InvalidOperationException("the program ends without an answer");
    }
}
