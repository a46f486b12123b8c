"""Forty-three small modules of PyTorch in the styles of models that people publish, ten of them transformers.

Usage: python3 torch_modules.py [--output DIR] [NAME ...], with a python3 that has torch. Records each as a case DIR/NAME with
from_torch, and prints a table.
"""
import argparse
import math
import os
import sys
import tempfile
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from allclose_record import RecordingError, from_torch

SEED = 4
MODULES = {}


def module(*shapes, names=None, mode="inference", **arguments):
    """Registers a function that makes a module, with the shapes of a batch; one of whole numbers below k is (shape, k)."""
    def register(make):
        MODULES[make.__name__] = (make, shapes, names, mode, arguments)
        return make
    return register


class Forward(nn.Module):
    """A module whose forward is a function of the module and its inputs."""

    def __init__(self, forward, **parts):
        super().__init__()
        self.function = forward
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, *inputs):
        return self.function(self, *inputs)


# Transformers


class LayerNorm(nn.Module):
    """With an optional bias, as nanoGPT has it."""

    def __init__(self, width, bias):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width)) if bias else None

    def forward(self, x):
        return F.layer_norm(x, self.weight.shape, self.weight, self.bias, 1e-5)


class CausalSelfAttention(nn.Module):
    def __init__(self, width, heads, bias, flash, length):
        super().__init__()
        self.c_attn = nn.Linear(width, 3 * width, bias=bias)
        self.c_proj = nn.Linear(width, width, bias=bias)
        self.attn_dropout, self.resid_dropout = nn.Dropout(0.1), nn.Dropout(0.1)
        self.heads, self.width, self.flash = heads, width, flash
        self.register_buffer("bias", torch.tril(torch.ones(length, length)).view(1, 1, length, length))

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = self.c_attn(x).split(self.width, dim=2)
        k = k.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        q = q.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        v = v.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        if self.flash:
            y = F.scaled_dot_product_attention(q, k, v, attn_mask=None, dropout_p=0, is_causal=True)
        else:
            att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
            att = att.masked_fill(self.bias[:, :, :T, :T] == 0, float("-inf"))
            att = self.attn_dropout(F.softmax(att, dim=-1))
            y = att @ v
        y = y.transpose(1, 2).contiguous().view(B, T, C)
        return self.resid_dropout(self.c_proj(y))


class Gpt(nn.Module):
    def __init__(self, flash, bias, gelu, vocabulary=11, width=8, heads=2, layers=2, length=8):
        super().__init__()
        self.transformer = nn.ModuleDict(dict(
            wte=nn.Embedding(vocabulary, width), wpe=nn.Embedding(length, width), drop=nn.Dropout(0.1),
            h=nn.ModuleList([nn.ModuleDict(dict(
                ln_1=LayerNorm(width, bias), attn=CausalSelfAttention(width, heads, bias, flash, length),
                ln_2=LayerNorm(width, bias), mlp=nn.Sequential(nn.Linear(width, 4 * width, bias=bias), gelu,
                                                               nn.Linear(4 * width, width, bias=bias), nn.Dropout(0.1))))
                for _ in range(layers)]), ln_f=LayerNorm(width, bias)))
        self.lm_head = nn.Linear(width, vocabulary, bias=False)

    def forward(self, idx):
        t = idx.size(1)
        pos = torch.arange(0, t, dtype=torch.long, device=idx.device)
        x = self.transformer.drop(self.transformer.wte(idx) + self.transformer.wpe(pos))
        for block in self.transformer.h:
            x = x + block["attn"](block["ln_1"](x))
            x = x + block["mlp"](block["ln_2"](x))
        return self.lm_head(self.transformer.ln_f(x))


class NewGelu(nn.Module):
    def forward(self, x):
        return 0.5 * x * (1.0 + torch.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * torch.pow(x, 3.0))))


@module(((2, 6), 11))
def nano_gpt():
    """The table of tokens is that of the scores, too."""
    model = Gpt(True, False, nn.GELU())
    model.transformer.wte.weight = model.lm_head.weight
    return model


@module(((2, 6), 11))
def min_gpt():
    return Gpt(False, True, NewGelu())


@module(((2, 5), 13), ((2, 5), 2), (2, 5), names=("input_ids", "token_type_ids", "attention_mask"))
def bert():
    class Bert(nn.Module):
        def __init__(self, width=8, heads=2):
            super().__init__()
            self.word, self.position = nn.Embedding(13, width, padding_idx=0), nn.Embedding(7, width)
            self.token_type = nn.Embedding(2, width)
            self.norm, self.drop = nn.LayerNorm(width, eps=1e-12), nn.Dropout(0.1)
            self.register_buffer("position_ids", torch.arange(7).expand((1, -1)))
            self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
            self.dense, self.attention_norm = nn.Linear(width, width), nn.LayerNorm(width, eps=1e-12)
            self.intermediate, self.output = nn.Linear(width, 16), nn.Linear(16, width)
            self.output_norm, self.pooler = nn.LayerNorm(width, eps=1e-12), nn.Linear(width, width)
            self.heads, self.classifier = heads, nn.Linear(width, 3)

        def split(self, x):
            return x.view(x.shape[:-1] + (self.heads, -1)).permute(0, 2, 1, 3)

        def forward(self, input_ids, token_type_ids, attention_mask):
            x = self.word(input_ids) + self.token_type(token_type_ids)
            x = x + self.position(self.position_ids[:, :input_ids.size(1)])
            x = self.drop(self.norm(x))
            mask = (1.0 - attention_mask[:, None, None, :]) * -10000.0
            q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
            scores = torch.matmul(q, k.transpose(-1, -2)) / math.sqrt(q.size(-1)) + mask
            context = torch.matmul(self.drop(nn.Softmax(dim=-1)(scores)), v).permute(0, 2, 1, 3).contiguous()
            context = context.view(context.size()[:-2] + (-1,))
            x = self.attention_norm(self.drop(self.dense(context)) + x)
            x = self.output_norm(self.drop(self.output(F.gelu(self.intermediate(x)))) + x)
            pooled = torch.tanh(self.pooler(x[:, 0]))
            return {"last_hidden_state": x, "logits": self.classifier(pooled)}
    return Bert()


@module((2, 3, 8, 8))
def vision_transformer():
    class Vit(nn.Module):
        def __init__(self, width=8):
            super().__init__()
            self.patch_embed = nn.Conv2d(3, width, 4, 4)
            self.cls_token = nn.Parameter(0.1 * torch.randn(1, 1, width))
            self.pos_embed = nn.Parameter(0.1 * torch.randn(1, 5, width))
            self.norm1, self.norm2, self.norm = nn.LayerNorm(width), nn.LayerNorm(width), nn.LayerNorm(width)
            self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
            self.gamma = nn.Parameter(0.3 * torch.ones(width))
            self.mlp, self.head = nn.Sequential(nn.Linear(width, 16), nn.GELU(), nn.Linear(16, width)), nn.Linear(width, 4)

        def forward(self, x):
            x = self.patch_embed(x).flatten(2).transpose(1, 2)
            x = torch.cat((self.cls_token.expand(x.shape[0], -1, -1), x), dim=1) + self.pos_embed
            B, N, C = x.shape
            qkv = self.qkv(self.norm1(x)).reshape(B, N, 3, 2, C // 2).permute(2, 0, 3, 1, 4)
            q, k, v = qkv.unbind(0)
            y = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(B, N, C)
            x = x + self.gamma * self.proj(y)
            x = x + self.mlp(self.norm2(x))
            return self.head(self.norm(x)[:, 0])
    return Vit()


@module(((2, 6), 9))
def t5_encoder():
    class Norm(nn.Module):
        def __init__(self, width):
            super().__init__()
            self.weight = nn.Parameter(torch.rand(width))

        def forward(self, x):
            return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6))

    class T5(nn.Module):
        def __init__(self, width=8, heads=2):
            super().__init__()
            self.shared, self.relative = nn.Embedding(9, width), nn.Embedding(8, heads)
            self.q, self.k, self.v, self.o = (nn.Linear(width, width, bias=False) for _ in range(4))
            self.layer_norm, self.ff_norm, self.final = Norm(width), Norm(width), Norm(width)
            self.wi_0, self.wi_1, self.wo = nn.Linear(width, 12, bias=False), nn.Linear(width, 12, bias=False), nn.Linear(
                12, width, bias=False)
            self.heads = heads

        def bias(self, length):
            context, memory = torch.arange(length)[:, None], torch.arange(length)[None, :]
            relative = memory - context
            buckets = (relative > 0).to(torch.long) * 4
            relative = torch.abs(relative)
            large = 2 + (torch.log(relative.float() / 2) / math.log(16 / 2) * 2).to(torch.long)
            large = torch.min(large, torch.full_like(large, 3))
            buckets = buckets + torch.where(relative < 2, relative, large)
            return self.relative(buckets).permute([2, 0, 1]).unsqueeze(0)

        def forward(self, input_ids):
            x = self.shared(input_ids)
            n, t, c = x.shape
            h = self.layer_norm(x)
            q, k, v = (f(h).view(n, -1, self.heads, c // self.heads).transpose(1, 2) for f in (self.q, self.k, self.v))
            scores = torch.matmul(q, k.transpose(3, 2)) + self.bias(t)
            y = torch.matmul(F.softmax(scores, dim=-1), v).transpose(1, 2).contiguous().view(n, -1, c)
            x = x + self.o(y)
            h = self.ff_norm(x)
            x = x + self.wo(F.gelu(self.wi_0(h), approximate="tanh") * self.wi_1(h))
            return self.final(x)
    return T5()


def rotate_half(x):
    first, second = x[..., :x.shape[-1] // 2], x[..., x.shape[-1] // 2:]
    return torch.cat((-second, first), dim=-1)


class RmsNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(1 + 0.1 * torch.randn(width))

    def forward(self, x):
        dtype = x.dtype
        x = x.to(torch.float64)
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)).to(dtype)


class Llama(nn.Module):
    """RMS norm, rotary embedding, grouped heads, SwiGLU."""

    def __init__(self, builtin, width=16, heads=4, groups=2, vocabulary=11):
        super().__init__()
        self.embed_tokens = nn.Embedding(vocabulary, width)
        self.heads, self.groups, self.size, self.builtin = heads, groups, width // heads, builtin
        self.q_proj, self.o_proj = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)
        self.k_proj, self.v_proj = (nn.Linear(width, groups * self.size, bias=False) for _ in range(2))
        self.gate_proj, self.up_proj = nn.Linear(width, 24, bias=False), nn.Linear(width, 24, bias=False)
        self.down_proj = nn.Linear(24, width, bias=False)
        norm = (lambda: nn.RMSNorm(width, eps=1e-6)) if builtin else (lambda: RmsNorm(width))
        self.input_layernorm, self.post_attention_layernorm, self.norm = norm(), norm(), norm()
        self.lm_head = nn.Linear(width, vocabulary, bias=False)
        self.register_buffer("inv_freq", 1.0 / (10000 ** (torch.arange(0, self.size, 2).double() / self.size)))

    def forward(self, input_ids):
        n, t = input_ids.shape
        x = self.embed_tokens(input_ids)
        position_ids = torch.arange(t).unsqueeze(0)
        freqs = (self.inv_freq[None, :, None].expand(1, -1, 1) @ position_ids[:, None, :].double()).transpose(1, 2)
        emb = torch.cat((freqs, freqs), dim=-1)
        cos, sin = emb.cos().unsqueeze(1), emb.sin().unsqueeze(1)
        h = self.input_layernorm(x)
        q = self.q_proj(h).view(n, t, self.heads, self.size).transpose(1, 2)
        k = self.k_proj(h).view(n, t, self.groups, self.size).transpose(1, 2)
        v = self.v_proj(h).view(n, t, self.groups, self.size).transpose(1, 2)
        q, k = q * cos + rotate_half(q) * sin, k * cos + rotate_half(k) * sin
        if self.builtin:
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        else:
            k, v = (part[:, :, None].expand(n, self.groups, self.heads // self.groups, t, self.size).reshape(
                n, self.heads, t, self.size) for part in (k, v))
            mask = torch.full((t, t), torch.finfo(x.dtype).min).triu(1)[None, None]
            scores = torch.matmul(q, k.transpose(2, 3)) / math.sqrt(self.size) + mask
            y = torch.matmul(F.softmax(scores, dim=-1), v)
        x = x + self.o_proj(y.transpose(1, 2).contiguous().reshape(n, t, -1))
        h = self.post_attention_layernorm(x)
        x = x + self.down_proj(F.silu(self.gate_proj(h)) * self.up_proj(h))
        return self.lm_head(self.norm(x))


@module(((2, 5), 11))
def llama():
    return Llama(False)


@module(((2, 5), 11))
def llama_of_builtin_parts():
    return Llama(True)


@module((2, 6, 8), (2, 6))
def transformer_encoder():
    """torch's own, with a mask of padding as numbers that are added."""
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    return Forward(lambda m, x, padding: m.encoder(x, src_key_padding_mask=padding).mean(1),
                   encoder=nn.TransformerEncoder(layer, 2, enable_nested_tensor=False))


@module((2, 5, 8), (2, 4, 8))
def transformer_decoder():
    """Time first, as torch has it by default, with a causal mask and the norm first."""
    layer = nn.TransformerDecoderLayer(8, 2, 16, norm_first=True)

    def forward(m, x, memory):
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1], dtype=torch.float64)
        return m.decoder(x.transpose(0, 1), memory.transpose(0, 1), tgt_mask=mask).transpose(0, 1)
    return Forward(forward, decoder=nn.TransformerDecoder(layer, 2))


@module((2, 8, 8, 3))
def swin_block():
    """Windows, shifted, with a relative position bias and a mask."""
    class Swin(nn.Module):
        def __init__(self, width=6, heads=2, window=4, shift=2):
            super().__init__()
            self.embed = nn.Linear(3, width)
            self.norm, self.qkv, self.proj = nn.LayerNorm(width), nn.Linear(width, 3 * width), nn.Linear(width, width)
            self.table = nn.Parameter(0.1 * torch.randn((2 * window - 1) ** 2, heads))
            coordinates = torch.stack(torch.meshgrid(torch.arange(window), torch.arange(window), indexing="ij")).flatten(1)
            relative = (coordinates[:, :, None] - coordinates[:, None, :]).permute(1, 2, 0) + window - 1
            self.register_buffer("index", relative[:, :, 0] * (2 * window - 1) + relative[:, :, 1])
            self.heads, self.window, self.shift = heads, window, shift

        def windows(self, x):
            n, h, w, c = x.shape
            x = x.view(n, h // self.window, self.window, w // self.window, self.window, c)
            return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(-1, self.window ** 2, c)

        def forward(self, x):
            shortcut = x = self.embed(x)
            n, h, w, c = x.shape
            x = torch.roll(self.norm(x), (-self.shift, -self.shift), (1, 2))
            regions = torch.zeros((1, h, w, 1))
            cuts = (slice(0, -self.window), slice(-self.window, -self.shift), slice(-self.shift, None))
            count = 0
            for a in cuts:
                for b in cuts:
                    regions[:, a, b, :] = count
                    count += 1
            regions = self.windows(regions).squeeze(-1)
            mask = regions.unsqueeze(1) - regions.unsqueeze(2)
            mask = mask.masked_fill(mask != 0, -100.0).masked_fill(mask == 0, 0.0).to(x.dtype)
            y = self.windows(x)
            b, t, _ = y.shape
            q, k, v = self.qkv(y).reshape(b, t, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
            scores = (q * (c // self.heads) ** -0.5) @ k.transpose(-2, -1)
            scores = scores + self.table[self.index.view(-1)].view(t, t, -1).permute(2, 0, 1).unsqueeze(0)
            scores = scores.view(b // len(mask), len(mask), self.heads, t, t) + mask.unsqueeze(1).unsqueeze(0)
            y = (scores.view(-1, self.heads, t, t).softmax(-1) @ v).transpose(1, 2).reshape(b, t, c)
            y = self.proj(y).view(-1, h // self.window, w // self.window, self.window, self.window, c)
            y = y.permute(0, 1, 3, 2, 4, 5).contiguous().view(n, h, w, c)
            return shortcut + torch.roll(y, (self.shift, self.shift), (1, 2))
    return Swin()


# Other models


@module((3, 7, 2))
def lstm_forecaster():
    return Forward(lambda m, x: m.fc(m.lstm(x)[0][:, -1, :]), lstm=nn.LSTM(2, 5, num_layers=2, batch_first=True),
                   fc=nn.Linear(5, 1))


@module((3, 6, 4))
def lstm_both_ways():
    def forward(m, x):
        y, (h, c) = m.lstm(x)
        return m.fc(torch.cat([h[-2], h[-1]], 1)), m.tag(y)
    return Forward(forward, lstm=nn.LSTM(4, 3, bidirectional=True, batch_first=True), fc=nn.Linear(6, 2), tag=nn.Linear(6, 4))


@module(((3, 6), 9))
def gru_classifier():
    def forward(m, ids):
        _, h = m.gru(m.embedding(ids).transpose(0, 1))
        return m.fc(h.squeeze(0))
    return Forward(forward, embedding=nn.Embedding(9, 4, padding_idx=0), gru=nn.GRU(4, 5), fc=nn.Linear(5, 2))


@module((3, 5, 4), (3, 6))
def rnn_with_a_state():
    return Forward(lambda m, x, h: m.rnn(x, h.unsqueeze(0))[0], rnn=nn.RNN(4, 6, nonlinearity="relu", batch_first=True))


@module((2, 4, 3), (2, 3, 3))
def sequence_to_sequence():
    """The decoder begins with the states that the encoder ends with."""
    def forward(m, source, target):
        _, states = m.encoder(source)
        return m.fc(m.decoder(target, states)[0])
    return Forward(forward, encoder=nn.LSTM(3, 4, batch_first=True), decoder=nn.LSTM(3, 4, batch_first=True),
                   fc=nn.Linear(4, 2))


@module((2, 3, 4))
def recurrent_cells():
    def forward(m, x):
        h, c, s = x.new_zeros(x.shape[0], 5), x.new_zeros(x.shape[0], 5), x.new_zeros(x.shape[0], 2)
        for step in range(x.shape[1]):
            h, c = m.lstm(x[:, step], (h, c))
            s = m.gru(h, s)
        return s
    return Forward(forward, lstm=nn.LSTMCell(4, 5), gru=nn.GRUCell(5, 2))


@module((2, 3, 6, 6))
def local_response():
    return nn.Sequential(nn.Conv2d(3, 6, 3), nn.ReLU(), nn.LocalResponseNorm(3, alpha=0.1, k=2.0), nn.Flatten(),
                         nn.Linear(96, 2))


@module((2, 8, 1, 1))
def dcgan_generator():
    return nn.Sequential(nn.ConvTranspose2d(8, 6, 4, 1, 0, bias=False), nn.BatchNorm2d(6), nn.ReLU(True),
                         nn.ConvTranspose2d(6, 3, 4, 2, 1, bias=False), nn.Tanh())


@module((3, 3, 8, 8), mode="training")
def dcgan_discriminator():
    return nn.Sequential(nn.Conv2d(3, 4, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True),
                         nn.Conv2d(4, 6, 4, 2, 1, bias=False), nn.BatchNorm2d(6), nn.LeakyReLU(0.2, inplace=True),
                         nn.Conv2d(6, 1, 2, 1, 0, bias=False), nn.Sigmoid(), nn.Flatten(0))


def double_conv(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


@module((2, 3, 8, 8))
def unet():
    def forward(m, x):
        a = m.down1(x)
        b = m.down2(m.pool(a))
        y = m.up(m.middle(m.pool(b)))
        y = m.conv(torch.cat([b, y], dim=1))
        y = m.upsample(y)
        dy, dx = a.size(2) - y.size(2), a.size(3) - y.size(3)
        y = F.pad(y, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])
        return m.out(torch.cat([a, y], dim=1))
    return Forward(forward, down1=double_conv(3, 4), down2=double_conv(4, 6), middle=double_conv(6, 8), pool=nn.MaxPool2d(2),
                   up=nn.ConvTranspose2d(8, 6, 2, 2), conv=double_conv(12, 4),
                   upsample=nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True), out=nn.Conv2d(8, 2, 1))


@module((2, 8, 6, 6))
def mobilenet_block():
    def forward(m, x):
        y = m.act(m.bn1(m.expand(x)))
        y = m.act(m.bn2(m.depthwise(y)))
        s = m.pool(y)
        s = m.gate(m.fc2(F.relu(m.fc1(s))))
        return x + m.bn3(m.project(y * s))
    return Forward(forward, expand=nn.Conv2d(8, 12, 1, bias=False), bn1=nn.BatchNorm2d(12), act=nn.Hardswish(inplace=True),
                   depthwise=nn.Conv2d(12, 12, 3, padding=1, groups=12, bias=False), bn2=nn.BatchNorm2d(12),
                   pool=nn.AdaptiveAvgPool2d(1), fc1=nn.Conv2d(12, 4, 1), fc2=nn.Conv2d(4, 12, 1), gate=nn.Hardsigmoid(),
                   project=nn.Conv2d(12, 8, 1, bias=False), bn3=nn.BatchNorm2d(8))


@module((2, 3, 8, 8))
def mlp_mixer():
    def forward(m, x):
        x = m.patches(x).flatten(2).transpose(1, 2)
        x = x + m.tokens(m.norm1(x).transpose(1, 2)).transpose(1, 2)
        x = x + m.channels(m.norm2(x))
        return m.head(m.norm(x).mean(dim=1))
    return Forward(forward, patches=nn.Conv2d(3, 6, 4, 4), norm1=nn.LayerNorm(6), norm2=nn.LayerNorm(6), norm=nn.LayerNorm(6),
                   tokens=nn.Sequential(nn.Linear(4, 5), nn.GELU(), nn.Linear(5, 4)),
                   channels=nn.Sequential(nn.Linear(6, 9), nn.GELU(), nn.Linear(9, 6)), head=nn.Linear(6, 3))


@module((2, 3, 9))
def temporal_convolutions():
    """Causal ones: padded on both sides and cut at the end."""
    def block(m, x, number):
        y = getattr(m, "conv%d" % number)(x)
        y = F.relu(y[:, :, :-getattr(m, "conv%d" % number).padding[0]])
        return F.relu(y + (m.short(x) if number == 1 else x))

    def forward(m, x):
        return m.head(block(m, block(m, x, 1), 2)[:, :, -1])
    return Forward(forward, conv1=nn.Conv1d(3, 5, 3, padding=2), conv2=nn.Conv1d(5, 5, 3, padding=4, dilation=2),
                   short=nn.Conv1d(3, 5, 1), head=nn.Linear(5, 2))


@module((2, 3, 9))
def weight_norm_convolution():
    return Forward(lambda m, x: m.head(m.relu(m.conv(x)).mean(-1)), relu=nn.ReLU(), conv=nn.Conv1d(3, 5, 3),
                   head=nn.utils.parametrizations.weight_norm(nn.Linear(5, 2)))


@module((2, 2, 36, 36))
def nature_cnn():
    """Images in bytes, scaled."""
    return Forward(lambda m, x: m.linear(m.cnn(x / 255.0)),
                   cnn=nn.Sequential(nn.Conv2d(2, 4, 8, stride=4), nn.ReLU(), nn.Conv2d(4, 5, 4, stride=2), nn.ReLU(),
                                     nn.Conv2d(5, 4, 3, stride=1), nn.ReLU(), nn.Flatten()), linear=nn.Linear(4, 6))


@module((4, 6))
def actor_critic():
    def forward(m, x):
        h = m.body(x)
        return F.softmax(m.policy(h), dim=-1), m.value(h).squeeze(-1)
    return Forward(forward, body=nn.Sequential(nn.Linear(6, 8), nn.Tanh()), policy=nn.Linear(8, 3), value=nn.Linear(8, 1))


@module((4, 5))
def dueling_network():
    def forward(m, x):
        h = F.relu(m.fc(x))
        value, advantage = m.value(h), m.advantage(h)
        return value + advantage - advantage.mean(dim=1, keepdim=True)
    return Forward(forward, fc=nn.Linear(5, 8), value=nn.Linear(8, 1), advantage=nn.Linear(8, 4))


@module(((4, 3), 5), (4, 2))
def tabular_with_embeddings():
    def forward(m, categories, numbers):
        x = torch.cat([e(categories[:, i]) for i, e in enumerate(m.embeds)] + [m.bn(numbers)], 1)
        return m.layers(x)
    return Forward(forward, embeds=nn.ModuleList([nn.Embedding(5, 2), nn.Embedding(5, 3), nn.Embedding(5, 2)]),
                   bn=nn.BatchNorm1d(2), layers=nn.Sequential(nn.Linear(9, 6), nn.ReLU(), nn.BatchNorm1d(6), nn.Dropout(0.1),
                                                              nn.Linear(6, 1)))


@module((3, 3, 10))
def point_net():
    def forward(m, x):
        t = m.t2(torch.max(F.relu(m.t1(x)), 2)[0]).view(-1, 3, 3) + torch.eye(3, dtype=x.dtype)
        x = torch.bmm(x.transpose(2, 1), t).transpose(2, 1)
        x = F.relu(m.bn1(m.conv1(x)))
        x = torch.max(m.bn2(m.conv2(x)), 2, keepdim=True)[0].view(-1, 8)
        return F.log_softmax(m.fc(x), dim=1)
    return Forward(forward, t1=nn.Conv1d(3, 4, 1), t2=nn.Linear(4, 9), conv1=nn.Conv1d(3, 6, 1), bn1=nn.BatchNorm1d(6),
                   conv2=nn.Conv1d(6, 8, 1), bn2=nn.BatchNorm1d(8), fc=nn.Linear(8, 4))


@module((3, 10), (3, 2))
def variational_autoencoder():
    """The noise is an input."""
    def forward(m, x, noise):
        h = F.relu(m.fc1(x))
        mu, logvar = m.fc21(h), m.fc22(h)
        z = mu + noise * torch.exp(0.5 * logvar)
        return torch.sigmoid(m.fc4(F.relu(m.fc3(z)))), mu, logvar
    return Forward(forward, fc1=nn.Linear(10, 7), fc21=nn.Linear(7, 2), fc22=nn.Linear(7, 2), fc3=nn.Linear(2, 7),
                   fc4=nn.Linear(7, 10))


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.conv2, self.bn2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs)
        self.downsample = None if stride == 1 else nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                                                                 nn.BatchNorm2d(outputs))

    def forward(self, x):
        identity = x if self.downsample is None else self.downsample(x)
        out = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        out += identity
        return self.relu(out)


@module((3, 3, 12, 12), mode="training", labels=[0, 2, 1], loss="softmax", l2=0.01)
def residual_network():
    return nn.Sequential(nn.Conv2d(3, 4, 3, 1, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1),
                         BasicBlock(4, 4, 1), BasicBlock(4, 6, 2), nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Linear(6, 3))


@module((2, 3, 8, 8))
def dense_block():
    def forward(m, x):
        x = m.conv0(x)
        for norm, conv in zip(m.norms, m.convs):
            x = torch.cat([x, conv(F.relu(norm(x), inplace=True))], 1)
        return m.fc(F.adaptive_avg_pool2d(F.avg_pool2d(x, 2), 1).flatten(1))
    return Forward(forward, conv0=nn.Conv2d(3, 4, 3, padding=1), norms=nn.ModuleList([nn.BatchNorm2d(4), nn.BatchNorm2d(6)]),
                   convs=nn.ModuleList([nn.Conv2d(4, 2, 3, padding=1), nn.Conv2d(6, 2, 3, padding=1)]), fc=nn.Linear(8, 3))


@module((2, 6, 6, 6))
def shuffle_block():
    def shuffle(x):
        n, c, h, w = x.size()
        return x.view(n, 2, c // 2, h, w).transpose(1, 2).contiguous().view(n, c, h, w)

    def forward(m, x):
        a, b = x.chunk(2, dim=1)
        return shuffle(torch.cat((a, m.branch(b)), dim=1))
    return Forward(forward, branch=nn.Sequential(nn.Conv2d(3, 3, 1, bias=False), nn.BatchNorm2d(3), nn.ReLU(inplace=True),
                                                 nn.Conv2d(3, 3, 3, padding=1, groups=3, bias=False), nn.BatchNorm2d(3)))


@module((2, 4, 6, 6))
def convnext_block():
    def forward(m, x):
        y = m.norm(m.dwconv(x).permute(0, 2, 3, 1))
        y = m.gamma * m.pwconv2(F.gelu(m.pwconv1(y)))
        return x + y.permute(0, 3, 1, 2)
    return Forward(forward, dwconv=nn.Conv2d(4, 4, 3, padding=1, groups=4), norm=nn.LayerNorm(4, eps=1e-6),
                   pwconv1=nn.Linear(4, 8), pwconv2=nn.Linear(8, 4), gamma=nn.Parameter(0.5 * torch.ones(4)))


@module((2, 1, 8, 8))
def super_resolution():
    return nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.PReLU(6), nn.Conv2d(6, 4, 3, padding=1, padding_mode="reflect"),
                         nn.PReLU(), nn.PixelShuffle(2))


@module((2, 3, 8, 8))
def style_transfer():
    """Instance norm, reflected padding, nearest upsampling."""
    return nn.Sequential(nn.ReflectionPad2d(1), nn.Conv2d(3, 4, 3, 2), nn.InstanceNorm2d(4, affine=True), nn.ReLU(),
                         nn.Upsample(scale_factor=2), nn.ReplicationPad2d(1), nn.Conv2d(4, 3, 3), nn.InstanceNorm2d(3))


@module((2, 5), (2, 5))
def siamese():
    """One tower for both: its parameters are used twice."""
    def forward(m, a, b):
        a, b = m.fc2(torch.relu(m.fc1(a))), m.fc2(torch.relu(m.fc1(b)))
        return F.cosine_similarity(F.normalize(a), b, dim=1)
    return Forward(forward, fc1=nn.Linear(5, 4), fc2=nn.Linear(4, 3))


@module(((3, 1), 6), ((3, 1), 7))
def matrix_factorization():
    def forward(m, user, item):
        product = m.users(user.squeeze(1)) * m.items(item.squeeze(1))
        return torch.sigmoid(m.out(product)).squeeze(1)
    return Forward(forward, users=nn.Embedding(6, 4), items=nn.Embedding(7, 4), out=nn.Linear(4, 1))


@module(((3, 7), 9))
def text_convolutions():
    def forward(m, ids):
        x = m.embedding(ids).unsqueeze(1)
        x = [F.relu(conv(x)).squeeze(3) for conv in m.convs]
        x = [F.max_pool1d(part, part.size(2)).squeeze(2) for part in x]
        return m.fc(m.drop(torch.cat(x, 1)))
    return Forward(forward, embedding=nn.Embedding(9, 4), convs=nn.ModuleList([nn.Conv2d(1, 3, (k, 4)) for k in (2, 3)]),
                   drop=nn.Dropout(0.5), fc=nn.Linear(6, 2))


@module((2, 4, 3, 8, 8))
def video_frames():
    """A convnet for each of several images, then an LSTM."""
    def forward(m, x):
        n, t, c, h, w = x.shape
        y = m.cnn(x.view(n * t, c, h, w)).view(n, t, -1)
        return m.fc(m.lstm(y)[0][:, -1])
    return Forward(forward, cnn=nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
                                              nn.Flatten()),
                   lstm=nn.LSTM(16, 5, batch_first=True), fc=nn.Linear(5, 3))


@module((4, 8), mode="training")
def dropout_perceptron():
    """In training: what dropout drew is an input."""
    return Forward(lambda m, x: m.fc2(m.drop(F.elu(m.bn(m.fc1(x))))), fc1=nn.Linear(8, 6), bn=nn.BatchNorm1d(6),
                   drop=nn.Dropout(0.3), fc2=nn.Linear(6, 3))


@module((2, 3, 6))
def gated_linear_units():
    def forward(m, x):
        y = F.glu(m.conv(x), dim=1)
        return m.norm(y) + F.mish(x) + F.softsign(x) * F.logsigmoid(x) - F.hardtanh(x) + F.celu(x, 1.5) * torch.clamp(x, -1, 1)
    return Forward(forward, conv=nn.Conv1d(3, 6, 3, padding=1), norm=nn.GroupNorm(3, 3))


@module((3, 6))
def mixture_of_experts():
    def forward(m, x):
        gates = torch.softmax(m.gate(x), -1)
        experts = torch.stack([expert(x) for expert in m.experts], dim=1)
        return torch.einsum("be,beo->bo", gates, experts)
    return Forward(forward, gate=nn.Linear(6, 3), experts=nn.ModuleList([nn.Linear(6, 4) for _ in range(3)]))


def inputs(shapes):
    random = np.random.RandomState(SEED)
    return tuple(random.randint(shape[1], size=shape[0]) if isinstance(shape[0], tuple) else random.randn(*shape)
                 for shape in shapes)


def record(name, folder, **more):
    """Records a module; more: of from_torch's arguments."""
    make, shapes, names, mode, arguments = MODULES[name]
    torch.manual_seed(SEED)
    model = make().double()
    with torch.no_grad():
        for part in model.modules():
            if getattr(part, "running_var", None) is not None:
                part.running_mean.normal_(0, 0.1)
                part.running_var.uniform_(0.5, 1.5)
    given = inputs(shapes)
    x = dict(zip(names, given)) if names else given if len(given) > 1 else given[0]
    from_torch(model, name, folder, x, mode=mode, **arguments, **more)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", help="the folder of the cases; by default none is kept")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    good, names = 0, arguments.names or list(MODULES)
    with tempfile.TemporaryDirectory() as scratch:
        for name in names:
            began = time.time()
            try:
                record(name, arguments.output or scratch)
                good += 1
                print("%-26s good %5.1f s" % (name, time.time() - began), flush=True)
            except RecordingError as refusal:
                print("%-26s      %5.1f s  %s" % (name, time.time() - began, refusal), flush=True)
    print("%d of %d good" % (good, len(names)))
    sys.exit(0 if good == len(names) else 1)


if __name__ == "__main__":
    main()
