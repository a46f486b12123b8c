import torch
from allclose_record import from_torch

torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 3))
x, labels = torch.randn(5, 4), [0, 2, 1, 1, 0]
from_torch(model, "model", "src/test/resources/cases", x, labels=labels, loss="softmax")
