module main;
  initial $display("Grüße, 世界 🌍");
endmodule
