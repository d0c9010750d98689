// One kernel, one /run/fuservice, one listener: these tests take turns.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
