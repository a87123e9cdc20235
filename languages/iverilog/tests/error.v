module main;
  initial $display(nowhere);
endmodule
